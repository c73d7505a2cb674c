import type { Row } from "./arranging";

/** Where an arrow key leads from a picture of a grid; null if nowhere, or if it is another key. Up and down
 * lead to the picture that lies above or below its middle. */
export function moved(rows: Row[], from: string, key: string): string | null {
  const row = rows.findIndex((one) => one.ids.includes(from));
  const here = rows[row];
  if (!here) return null;
  const place = here.ids.indexOf(from);
  switch (key) {
    case "ArrowRight":
      return here.ids[place + 1] ?? rows[row + 1]?.ids[0] ?? null;
    case "ArrowLeft":
      return here.ids[place - 1] ?? rows[row - 1]?.ids.at(-1) ?? null;
    case "ArrowDown":
      return nearest(rows[row + 1], middle(here, place));
    case "ArrowUp":
      return nearest(rows[row - 1], middle(here, place));
    case "Home":
      return rows[0]?.ids[0] ?? null;
    case "End":
      return rows.at(-1)?.ids.at(-1) ?? null;
    default:
      return null;
  }
}

function middle(row: Row, place: number): number {
  const before = row.widths.slice(0, place).reduce((sum, one) => sum + one, 0);
  return before + (row.widths[place] ?? 0) / 2;
}

function nearest(row: Row | undefined, x: number): string | null {
  if (!row) return null;
  const distances = row.ids.map((_, place) => Math.abs(middle(row, place) - x));
  return row.ids[distances.indexOf(Math.min(...distances))] ?? null;
}
