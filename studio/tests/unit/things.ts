import type { Film, Photograph, Report, Restoration, Result, Version } from "../../src/api/things";

type Job = Version["job"];

/** A photograph of which only what is told matters. */
export const photograph = (id: string, more: Partial<Photograph> = {}): Photograph => ({
  id,
  created: "2026-01-01T00:00:00Z",
  revision: 1,
  state: "ready",
  reason: null,
  filename: `${id}.tif`,
  bytes: 1000,
  sha256: "b".repeat(64),
  duplicate_of: null,
  format: "tiff",
  width: 300,
  height: 200,
  bit_depth: 8,
  channels: 1,
  title: "",
  caption: "",
  date: "",
  place: "",
  people: [],
  credit: "",
  license: "",
  source: "",
  identifier: "",
  emulsion: null,
  found: { emulsion: "unknown", pages: 1, people: [], notices: [] },
  links: { original: `/v1/photographs/${id}/original` },
  ...more,
});

export const job = (id: string, kind: string, more: Partial<Job> = {}): Job => ({
  id,
  kind,
  about: "",
  by: "us_1",
  state: "queued",
  wish: null,
  priority: 0,
  total: 1,
  done: 0,
  failed: 0,
  message: "",
  again: null,
  created: "2026-01-01T00:00:00Z",
  started: null,
  ended: null,
  ...more,
});

export const version = (
  restoration: string,
  photograph: string,
  state: Version["state"],
  more: Partial<Job> = {},
): Version => ({
  restoration,
  photograph,
  state,
  reason: "",
  results: [],
  recipe: "faithful",
  created: "2026-01-01T00:00:00Z",
  job: job(`jo_${restoration}`, "restoration", { about: restoration, ...more }),
});

export const restoration = (id: string, of: Job): Restoration => ({
  id,
  title: "",
  recipe: "faithful",
  emulsion: null,
  formats: ["tiff", "jpeg"],
  crop: null,
  straighten: null,
  frame: "keep",
  by: "us_1",
  created: "2026-01-01T00:00:00Z",
  job: of,
});

export const film = (id: string, of: Job, title: string): Film => ({
  id,
  production: "pr_1",
  revision: 1,
  title,
  by: "us_1",
  created: "2026-01-01T00:00:00Z",
  job: of,
  photographs: [],
  deleted: [],
  results: [],
});

export const report = (id: string, of: Job, photographs: string[]): Report => ({
  id,
  title: "Mill",
  by: "us_1",
  created: "2026-01-01T00:00:00Z",
  job: of,
  photographs,
  deleted: [],
  results: [],
});

export const result = (
  kind: Result["kind"],
  media_type: string,
  size: number,
  more: Partial<Result> = {},
): Result => ({
  id: kind,
  of: "",
  photograph: null,
  kind,
  name: kind,
  media_type,
  size,
  sha256: "0".repeat(64),
  url: `/v1/results/${kind}/content`,
  created: "2026-01-01T00:00:00Z",
  ...more,
});
