import { SvelteMap } from "svelte/reactivity";

import { api, body } from "../api/client";
import type { Film } from "../api/things";

/** The organization's films. */
export class Films {
  all = new SvelteMap<string, Film>();
  list = $derived([...this.all.values()].sort((a, b) => (a.id < b.id ? 1 : -1)));
  loaded = $state(false);

  async refresh(): Promise<void> {
    const page = await body(api.GET("/v1/films", { params: { query: { limit: 100 } } }));
    page.items.forEach((film) => this.take(film));
    this.loaded = true;
  }

  /** Reads one, unless it is known. */
  async open(id: string): Promise<void> {
    if (!this.all.has(id))
      this.take(await body(api.GET("/v1/films/{id}", { params: { path: { id } } })));
  }

  take(film: Film): void {
    this.all.set(film.id, film);
  }

  /** Orders a film of photographs, in this order. */
  async make(title: string, photographs: string[], seconds: number): Promise<Film> {
    const asked = { title, photographs, seconds };
    const production = await body(api.POST("/v1/productions", { body: asked }));
    const film = await body(api.POST("/v1/films", { body: { production: production.id } }));
    if (!this.all.has(film.id)) this.take(film);
    return film;
  }

  clear(): void {
    this.all.clear();
    this.loaded = false;
  }
}

export const films = new Films();
