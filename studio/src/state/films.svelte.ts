import { SvelteMap } from "svelte/reactivity";

import { api, body } from "../api/client";
import { ApiError } from "../api/problem";
import type { Film } from "../api/things";
import { Batch } from "../live/batch";

/** Films that are read at a time. */
const AT_ONCE = 5;

/** The organization's films. */
export class Films {
  all = new SvelteMap<string, Film>();
  list = $derived([...this.all.values()].sort((a, b) => (a.id < b.id ? 1 : -1)));
  loaded = $state(false);
  #changed = new Batch(AT_ONCE, (ids) => this.#readChanged(ids));

  async refresh(): Promise<void> {
    const page = await body(api.GET("/v1/films", { params: { query: { limit: 100 } } }));
    const read = new Set(page.items.map((film) => film.id));
    // What others have deleted meanwhile; what is older than the page was not asked for.
    const oldest = page.next ? (page.items.at(-1)?.id ?? "") : "";
    for (const id of this.all.keys()) if (id >= oldest && !read.has(id)) this.all.delete(id);
    page.items.forEach((film) => this.#take(film));
    this.loaded = true;
  }

  /** Reads one, unless it is known. */
  async open(id: string): Promise<void> {
    if (!this.all.has(id)) await this.#read(id);
  }

  /** Something has become of a film. */
  changed(id: string): void {
    if (this.loaded || this.all.has(id)) this.#changed.add(id);
  }

  /** Orders a film of photographs, in this order. */
  async make(title: string, photographs: string[], seconds: number): Promise<Film> {
    const asked = { title, photographs, seconds };
    const production = await body(api.POST("/v1/productions", { body: asked }));
    const film = await body(api.POST("/v1/films", { body: { production: production.id } }));
    if (!this.all.has(film.id)) this.#take(film);
    return film;
  }

  /** Deletes a film that is over, with its files. */
  async remove(id: string): Promise<void> {
    await body(api.DELETE("/v1/films/{film_id}", { params: { path: { film_id: id } } }));
    this.all.delete(id);
  }

  async #readChanged(ids: string[]): Promise<void> {
    await Promise.all(
      ids.map((id) =>
        this.#read(id).catch((error: unknown) => {
          if (!(error instanceof ApiError && error.status === 404)) throw error;
          this.all.delete(id);
        }),
      ),
    );
  }

  async #read(id: string): Promise<void> {
    this.#take(await body(api.GET("/v1/films/{film_id}", { params: { path: { film_id: id } } })));
  }

  #take(film: Film): void {
    this.all.set(film.id, film);
  }

  clear(): void {
    this.#changed.clear();
    this.all.clear();
    this.loaded = false;
  }
}

export const films = new Films();
