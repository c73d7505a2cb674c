import { SvelteMap } from "svelte/reactivity";

import { ApiError } from "../api/problem";
import { Batch } from "../live/batch";

/** Things that are read at a time. */
const AT_ONCE = 5;
/** Things of the first page. */
export const PAGE = 100;

/** The organization's things of one kind that are made by jobs, and kept until somebody deletes them. */
export abstract class Made<Thing extends { id: string }> {
  all = new SvelteMap<string, Thing>();
  list = $derived([...this.all.values()].sort((a, b) => (a.id < b.id ? 1 : -1)));
  loaded = $state(false);
  #changed = new Batch(AT_ONCE, (ids) => this.#readChanged(ids));

  /** The newest `PAGE` of them. */
  protected abstract first(): Promise<{ items: Thing[]; next: string | null }>;
  protected abstract one(id: string): Promise<Thing>;
  protected abstract deleted(id: string): Promise<unknown>;

  async refresh(): Promise<void> {
    const page = await this.first();
    const read = new Set(page.items.map((thing) => thing.id));
    // What others have deleted meanwhile; what is older than the page was not asked for.
    const oldest = page.next ? (page.items.at(-1)?.id ?? "") : "";
    for (const id of this.all.keys()) if (id >= oldest && !read.has(id)) this.all.delete(id);
    page.items.forEach((thing) => this.take(thing));
    this.loaded = true;
  }

  /** Reads one, unless it is known. */
  async open(id: string): Promise<void> {
    if (!this.all.has(id)) this.take(await this.one(id));
  }

  /** Something has become of one. */
  changed(id: string): void {
    if (this.loaded || this.all.has(id)) this.#changed.add(id);
  }

  /** Deletes one that is over, with its files. */
  async remove(id: string): Promise<void> {
    await this.deleted(id);
    this.all.delete(id);
  }

  protected take(thing: Thing): void {
    this.all.set(thing.id, thing);
  }

  async #readChanged(ids: string[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        try {
          this.take(await this.one(id));
        } catch (error) {
          if (!(error instanceof ApiError && error.status === 404)) throw error;
          this.all.delete(id);
        }
      }),
    );
  }

  clear(): void {
    this.#changed.clear();
    this.all.clear();
    this.loaded = false;
  }
}
