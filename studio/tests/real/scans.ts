// Scans on the disk, small and quick to restore.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { padded, scene } from "../service/pictures";

export interface Scan {
  name: string;
  /** Bytes that are no picture, so that sending it takes time. */
  padding?: number;
}

/** Writes scans into a folder; returns it. */
export function folderOf(folder: string, ...scans: Scan[]): string {
  scans.forEach(({ name, padding }, number) => {
    const upright = number % 3 === 1;
    const png = scene(number, upright ? 200 : 300, upright ? 270 : 200, false);
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, padding ? padded(png, padding) : png);
  });
  return folder;
}
