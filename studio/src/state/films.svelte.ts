import { api, body } from "../api/client";
import type { Film } from "../api/things";
import { Made, PAGE } from "./made.svelte";

/** The organization's films. */
export class Films extends Made<Film> {
  protected first = () => body(api.GET("/v1/films", { params: { query: { limit: PAGE } } }));
  protected one = (film_id: string) =>
    body(api.GET("/v1/films/{film_id}", { params: { path: { film_id } } }));
  protected deleted = (film_id: string) =>
    body(api.DELETE("/v1/films/{film_id}", { params: { path: { film_id } } }));

  /** Orders a film of photographs, in this order. */
  async make(title: string, photographs: string[], seconds: number): Promise<Film> {
    const asked = { title, photographs, seconds };
    const production = await body(api.POST("/v1/productions", { body: asked }));
    const film = await body(api.POST("/v1/films", { body: { production: production.id } }));
    if (!this.all.has(film.id)) this.take(film);
    return film;
  }
}

export const films = new Films();
