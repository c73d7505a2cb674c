import type { Photograph } from "../api/things";

export type Arrangement = "chosen" | "oldest" | "name";

const LAST = 9999;
const byName = new Intl.Collator(undefined, { numeric: true });

/** What a photograph is called. */
export const nameOf = ({ title, found, filename }: Photograph): string =>
  title || found.title || filename;

/** When it was taken, as far as anybody says: what people say counts before what the file says. */
export const dateOf = ({ date, found }: Photograph): string => date || found.date || "";

export const captionOf = ({ caption, found }: Photograph): string => caption || found.caption || "";

/** A year in a date as people write them ("1931-04", "about 1920", "192X"); what has none comes last. */
function yearOf(photograph: Photograph): number {
  const said = /\b(1[89]|20)\d[\dXx]/.exec(photograph.date)?.[0];
  return said ? Number(said.replace(/x/i, "5")) : (photograph.found.year ?? LAST);
}

/** Photographs in the order in which a film shows them. */
export function arranged(photographs: Photograph[], how: Arrangement): Photograph[] {
  if (how === "chosen") return photographs;
  return [...photographs].sort((a, b) => {
    const years = how === "oldest" ? yearOf(a) - yearOf(b) : 0;
    const dates = how === "oldest" ? dateOf(a).localeCompare(dateOf(b)) : 0;
    return years || dates || byName.compare(nameOf(a), nameOf(b));
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
