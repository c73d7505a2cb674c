import { SvelteMap } from "svelte/reactivity";

import { api, body } from "../api/client";
import type { Photograph, Restoration, RestorationItem } from "../api/things";

/** One restoration of one photograph. */
export interface Version {
  restoration: Restoration;
  item: RestorationItem;
}

/** How a photograph stands, from its arrival to its result. */
export type Standing = "received" | "ready" | "refused" | RestorationItem["state"];

const PAGE = 200;

/** The organization's photographs and what was made of them, as far as they have been loaded. */
export class Library {
  /** Ids, the newest first: ids sort as they were given. */
  order = $state.raw<string[]>([]);
  photographs = new SvelteMap<string, Photograph>();
  restorations = new SvelteMap<string, Restoration>();
  loaded = $state(false);
  loading = $state(false);
  failure = $state.raw<unknown>(null);
  /** Photographs of which the server has been asked for all versions. */
  #complete = new Set<string>();
  #next = $state<string | null>(null);
  #reading: Promise<void> | null = null;

  /** By photograph, its versions: the newest first. */
  #versions = $derived.by(() => {
    const found = new Map<string, Version[]>();
    const newest = [...this.restorations.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
    for (const restoration of newest)
      for (const item of restoration.items) {
        const versions = found.get(item.photograph);
        if (versions) versions.push({ restoration, item });
        else found.set(item.photograph, [{ restoration, item }]);
      }
    return found;
  });

  /** Photographs that can be restored and never were. */
  fresh = $derived(this.order.filter((id) => this.standing(id) === "ready"));

  get hasMore(): boolean {
    return this.#next !== null;
  }

  get list(): Photograph[] {
    return this.order.map((id) => this.photographs.get(id)).filter((one) => one !== undefined);
  }

  versions(id: string): Version[] {
    return this.#versions.get(id) ?? [];
  }

  standing(id: string): Standing {
    const photograph = this.photographs.get(id);
    if (!photograph || photograph.state !== "ready") return photograph?.state ?? "received";
    return this.versions(id)[0]?.item.state ?? "ready";
  }

  /** Reads the first page anew: at the start, and when events may have been missed. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #read(): Promise<void> {
    this.loading = true;
    this.failure = null;
    try {
      const [page, restorations] = await Promise.all([
        body(api.GET("/v1/photographs", { params: { query: { limit: PAGE } } })),
        body(api.GET("/v1/restorations", { params: { query: { limit: PAGE } } })),
      ]);
      restorations.items.forEach((one) => this.restorations.set(one.id, one));
      this.#add(page.items);
      if (!this.loaded) this.#next = page.next;
      this.loaded = true;
    } catch (error) {
      this.failure = error;
    } finally {
      this.loading = false;
    }
  }

  /** Reads the page that follows, if there is one and none is being read. */
  async more(): Promise<void> {
    if (this.#next === null || this.loading) return;
    this.loading = true;
    try {
      const query = { limit: PAGE, after: this.#next };
      const page = await body(api.GET("/v1/photographs", { params: { query } }));
      this.#add(page.items);
      this.#next = page.next;
    } catch (error) {
      this.failure = error;
    } finally {
      this.loading = false;
    }
  }

  /** Reads one photograph and all of its versions, unless they are known. */
  async open(id: string): Promise<void> {
    if (this.#complete.has(id) && this.photographs.has(id)) return;
    const [photograph, restorations] = await Promise.all([
      body(api.GET("/v1/photographs/{id}", { params: { path: { id } } })),
      body(api.GET("/v1/restorations", { params: { query: { photograph: id, limit: PAGE } } })),
    ]);
    restorations.items.forEach((one) => this.restorations.set(one.id, one));
    // Beside the list, so that what lies between it and the list's end is not taken for loaded.
    this.photographs.set(id, photograph);
    this.#complete.add(id);
  }

  /** Takes in what an event says of a photograph. */
  take(photograph: Photograph): void {
    this.#add([photograph]);
  }

  async restore(photographs: string[], recipe: string, emulsion: string): Promise<Restoration> {
    const asked = { photographs, recipe, ...(emulsion ? { emulsion } : {}) };
    const made = await body(api.POST("/v1/restorations", { body: asked }));
    // Its events may have been here first, and know more.
    if (!this.restorations.has(made.id)) this.restorations.set(made.id, made);
    return made;
  }

  #add(photographs: Photograph[]): void {
    const known = new Set(this.order);
    const news = photographs.filter((one) => !known.has(one.id)).map((one) => one.id);
    photographs.forEach((one) => this.photographs.set(one.id, one));
    if (news.length) this.order = [...this.order, ...news].sort((a, b) => (a < b ? 1 : -1));
  }

  clear(): void {
    this.order = [];
    this.photographs.clear();
    this.restorations.clear();
    this.#complete.clear();
    this.#next = null;
    this.loaded = false;
  }
}

export const library = new Library();
