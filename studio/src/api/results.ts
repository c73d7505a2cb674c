import type { Result } from "./things";

// What every browser of today shows in a page.
const SHOWN = new Set(["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"]);

/** Whether browsers show what is of this media type. */
export const isShown = ({ media_type }: Pick<Result, "media_type">): boolean =>
  SHOWN.has(media_type);

/** The smallest of results that shows the whole picture. */
export function small(results: Result[]): Result | undefined {
  const shown = results.filter(isShown);
  return (
    shown.find((one) => one.kind === "thumbnail") ??
    shown.find((one) => one.kind === "preview") ??
    shown[0]
  );
}

/** The one that fills a screen. */
export function medium(results: Result[]): Result | undefined {
  const shown = results.filter(isShown);
  return shown.find((one) => one.kind === "preview") ?? largest(results);
}

/** The one with the most detail that a browser can show. */
export function largest(results: Result[]): Result | undefined {
  return results
    .filter(isShown)
    .reduce<Result | undefined>(
      (best, one) => (best && best.size >= one.size ? best : one),
      undefined,
    );
}

export const byKind = (results: Result[], ...kinds: string[]): Result | undefined =>
  results.find((one) => kinds.includes(one.kind));

/** What people take home: not the small copies that pages show. */
export const toDownload = (results: Result[]): Result[] =>
  results.filter((one) => one.kind !== "thumbnail" && one.kind !== "preview");

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A size in words: 14,200,000 -> "14 MB". */
export function sizeOf(bytes: number, language = "en"): string {
  let unit = 0;
  let size = bytes;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: units[unit] ?? "byte",
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0,
  }).format(size);
}
