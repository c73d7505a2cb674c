import type { RecordFile } from "../../src/parts/record";

const sha = (letter: string) => letter.repeat(64);

/** A record as photochrom writes them (schema photochrom.record/3), without what the studio does not read. */
export function recordOf(file: string, colored: boolean): RecordFile {
  const color = {
    name: "color",
    version: 3,
    params: { saturation: 1.12 },
    models: [{ name: "color", sha256: sha("9") }],
    notes: { pins: 1, certainty: 0.601 },
  };
  return {
    statement: colored
      ? "Restored by photochrom 0.1.0 (tone, repair, clean, clarity, color, grain). Colors are estimated, but for 1 documented."
      : "Restored by photochrom 0.1.0 (tone, repair, clean, grain).",
    original: { file, sha256: sha("b"), notices: [] },
    recipe: { name: colored ? "faithful" : "scan-clean", digest: sha("c") },
    emulsion: { name: "orthochromatic", because: "the photograph is of 1912" },
    pins: colored
      ? [{ at: [0.5, 0.5], color: [142, 74, 56], source: "Roof tiles, building survey of 1908" }]
      : [],
    steps: [
      { name: "tone", version: 1, params: {}, models: [], notes: { channels: null } },
      {
        name: "repair",
        version: 2,
        params: {},
        models: [{ name: "defects", sha256: sha("2") }],
        notes: { share: 0.0042, regions: 12 },
      },
      { name: "clean", version: 2, params: {}, models: [], notes: { strength: 0.35 } },
      { name: "clarity", version: 1, params: {}, models: [], notes: { scale: 1 } },
      ...(colored ? [color] : []),
      { name: "grain", version: 1, params: {}, models: [], notes: { sigma: 0.011 } },
    ],
    result: { luminance_change: { mean: 0.0005, max: 0.0066 } },
    derivatives: [{ file: file.replace(/\.\w+$/, ".tif"), sha256: sha("0") }],
  };
}
