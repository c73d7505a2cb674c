// A record, as the service keeps it beside each result, in words for people.
import { errorOf } from "../api/problem";
import { t } from "../text";

interface Step {
  name: string;
  version: number;
  params: Record<string, unknown>;
  models: { name: string; sha256: string }[];
  notes: Record<string, unknown>;
}

/** What the studio reads of a record (schema photochrom.record/3). */
export interface RecordFile {
  statement: string;
  original: { file: string; sha256: string; notices?: string[] };
  recipe: { name: string; digest: string };
  emulsion: { name: string; because: string };
  pins: { at: [number, number]; color: [number, number, number]; source: string }[];
  steps: Step[];
  result: { luminance_change?: { mean: number; max: number } };
  derivatives: { file: string; sha256: string }[];
}

/** A smaller share of a picture is told as less than it. */
const LEAST_SHARE = 0.001;

export interface Said {
  name: string;
  what: string;
  version: string;
}

/** Reads the record at an address of the service. */
export async function readRecord(url: string): Promise<RecordFile> {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw errorOf(response.status, null);
  return (await response.json()) as RecordFile;
}

/** The network's mean certainty of its colors, in percent; null where no color was added. */
export function certaintyOf(record: RecordFile): number | null {
  const color = record.steps.find((step) => step.name === "color");
  const certainty = color?.notes["certainty"];
  if (!color || color.params["saturation"] === 0 || typeof certainty !== "number") return null;
  return Math.round(certainty * 100);
}

/** The steps that had something to do, in order: what each is called and what it did. */
export function stepsOf(record: RecordFile): Said[] {
  const taken = record.steps.filter((step) => !("idle" in step.notes));
  return taken.map((step) => ({
    name: t.record.stepNames[step.name] ?? step.name,
    what: wordsOf(step),
    version: t.record.version(step.version),
  }));
}

/** A share in words, as the record's own statement says it. */
function shareOf(share: number): string {
  return share < LEAST_SHARE ? t.record.lessThan(percentOf(LEAST_SHARE)) : percentOf(share);
}

const percentOf = (share: number) => `${(share * 100).toFixed(1)} %`;

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

function wordsOf({ name, notes }: Step): string {
  const said = t.record.said;
  switch (name) {
    case "fading":
      return said.fading;
    case "tone":
      return notes["channels"] ? said.toneTint : said.tone;
    case "repair":
      return said.repair(number(notes["regions"]), shareOf(number(notes["share"])));
    case "clean":
      return number(notes["strength"]) > 0
        ? said.clean(number(notes["strength"]).toFixed(2))
        : said.cleanNot;
    case "clarity":
      return number(notes["scale"]) > 1 ? said.clarity(number(notes["scale"])) : said.clarityNot;
    case "sharpen":
      return said.sharpen;
    case "color":
      return number(notes["pins"]) > 0 ? said.colorPins(number(notes["pins"])) : said.color;
    case "grain":
      return number(notes["sigma"]) > 0 ? said.grain : said.grainNot;
    default:
      return said.other;
  }
}

export interface Digest {
  what: string;
  sha256: string;
}

/** Everything that the result can be checked by. */
export function digestsOf(record: RecordFile): Digest[] {
  const networks = new Map(
    record.steps.flatMap((step) => step.models.map((model) => [model.name, model.sha256] as const)),
  );
  return [
    { what: `${t.record.scan}: ${record.original.file}`, sha256: record.original.sha256 },
    ...record.derivatives.map(({ file, sha256 }) => ({ what: file, sha256 })),
    { what: `${t.record.recipe}: ${record.recipe.name}`, sha256: record.recipe.digest },
    ...[...networks].map(([name, sha256]) => ({ what: t.record.network(name), sha256 })),
  ];
}
