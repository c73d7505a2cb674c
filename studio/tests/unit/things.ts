import type { Photograph, Restoration, Result } from "../../src/api/things";

/** A photograph of which only what is told matters. */
export const photograph = (id: string, more: Partial<Photograph> = {}): Photograph => ({
  id,
  name: `${id}.tif`,
  state: "ready",
  reason: null,
  width: 300,
  height: 200,
  size: 1000,
  sha256: "",
  title: null,
  caption: null,
  date: null,
  created: "",
  thumbnail: null,
  preview: null,
  ...more,
});

export const restoration = (
  id: string,
  photograph: string,
  state: Restoration["items"][number]["state"],
): Restoration => ({
  id,
  job: "jb",
  recipe: "faithful",
  items: [{ photograph, state, reason: null, results: [] }],
});

export const result = (kind: string, media_type: string, size: number): Result => ({
  id: kind,
  kind,
  name: kind,
  media_type,
  size,
  url: `/${kind}`,
});
