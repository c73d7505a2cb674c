// Files out of what was dropped or chosen: folders are walked, and what is no photograph is left out.

// What photochrom opens, and after it what is a photograph all the same: of that the service says why not.
const ENDINGS = [
  ...[".tif", ".tiff", ".jpg", ".jpeg", ".jpe", ".png", ".webp", ".heic", ".heif", ".avif"],
  ...[".jp2", ".j2k", ".jpx", ".jpf", ".bmp", ".gif"],
  ...[".pbm", ".pgm", ".ppm", ".pnm", ".pam", ".pfm"],
  ...[".hif", ".jxl", ".psd", ".dng"],
];

export interface Taken {
  files: File[];
  /** How many were left out because they are no photographs. */
  skipped: number;
}

export function isPhotograph(name: string): boolean {
  const lower = name.toLowerCase();
  return !lower.startsWith(".") && ENDINGS.some((ending) => lower.endsWith(ending));
}

/** Which of some files are photographs, in the order of their names. */
export function sorted(files: Iterable<File>): Taken {
  const all = [...files];
  const photographs = all.filter((file) => isPhotograph(file.name));
  const order = new Intl.Collator(undefined, { numeric: true });
  photographs.sort((a, b) =>
    order.compare(a.webkitRelativePath || a.name, b.webkitRelativePath || b.name),
  );
  return { files: photographs, skipped: all.length - photographs.length };
}

/** Everything that was dropped, with what lies in dropped folders. */
export async function dropped(transfer: DataTransfer): Promise<File[]> {
  // The list is empty once this function waits for the first time.
  const entries = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const files: File[] = [];
  for (const entry of entries) {
    if (entry instanceof File) files.push(entry);
    else if (entry) await walk(entry, files);
  }
  return files;
}

async function walk(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (entry.isFile) {
    files.push(
      await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail)),
    );
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader hands out a folder in portions, and nothing at its end.
    const portion = await new Promise<FileSystemEntry[]>((done, fail) =>
      reader.readEntries(done, fail),
    );
    if (!portion.length) return;
    for (const one of portion) await walk(one, files);
  }
}
