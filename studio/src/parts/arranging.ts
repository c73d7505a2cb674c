import type { Photograph } from "../api/things";

export type Arrangement = "chosen" | "oldest" | "name";

const LAST = "9999";
const byName = new Intl.Collator(undefined, { numeric: true });

/** What a photograph is called. */
export const nameOf = (photograph: Photograph): string => photograph.title || photograph.name;

/** Photographs in the order in which a film shows them. Dates begin with their year ("1931-04", "1931"), so
 * that they sort as text; those without one come last. */
export function arranged(photographs: Photograph[], how: Arrangement): Photograph[] {
  if (how === "chosen") return photographs;
  return [...photographs].sort((a, b) => {
    const dates = how === "oldest" ? (a.date ?? LAST).localeCompare(b.date ?? LAST) : 0;
    return dates || byName.compare(nameOf(a), nameOf(b));
  });
}

export interface Row {
  ids: string[];
  /** Widths of the pictures in pixels, in their order. */
  widths: number[];
  height: number;
}

/** How wide a picture is for its height; neither a panorama nor a strip takes a row of its own. */
export function shapeOf(photograph: Photograph): number {
  const { width, height } = photograph;
  return width && height ? Math.min(2.4, Math.max(0.55, width / height)) : 4 / 3;
}

/** Whole pictures in rows that fill a width; the last row keeps the height that was wished for.
 *
 * @param width - Of the rows, in pixels.
 * @param target - Height of a row, about.
 * @param gap - Between pictures.
 */
export function rows(photographs: Photograph[], width: number, target: number, gap: number): Row[] {
  const found: Row[] = [];
  let row: Photograph[] = [];
  const close = (isLast: boolean) => {
    const shapes = row.map(shapeOf);
    const room = width - gap * (row.length - 1);
    const fits = room / shapes.reduce((sum, one) => sum + one, 0);
    const height = Math.floor(isLast ? Math.min(fits, target) : fits);
    const widths = shapes.map((one) => Math.floor(one * height));
    // What rounding left over goes to the last, so that full rows end in one line.
    if (!isLast) {
      widths.pop();
      widths.push(room - widths.reduce((sum, one) => sum + one, 0));
    }
    found.push({ ids: row.map((one) => one.id), widths, height });
    row = [];
  };
  let filled = 0;
  for (const photograph of photographs) {
    row.push(photograph);
    filled += shapeOf(photograph) * target + (row.length > 1 ? gap : 0);
    if (filled >= width) {
      close(false);
      filled = 0;
    }
  }
  if (row.length) close(true);
  return found;
}
