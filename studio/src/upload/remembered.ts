// What this browser remembers of uploads, so that a reload does not make it send a file twice: for each file
// where its upload is, and whether it has arrived. One entry of localStorage each.

export interface Remembered {
  name: string;
  size: number;
  /** Where the service takes the rest; null before it has been asked for. */
  url: string | null;
  done: boolean;
}

const PREFIX = "photochrom.upload:";

/** Files are the same if name, size and the time of their last change are: nothing else is known of
 * a file before it is read. */
export function fingerprint(file: File): string {
  return [file.name, file.size, file.lastModified].join("|");
}

/** What is remembered of one person's uploads. */
export class Memory {
  #prefix: string;

  constructor(
    readonly user: string,
    private readonly storage: Storage = localStorage,
  ) {
    this.#prefix = `${PREFIX}${user}:`;
  }

  get(print: string): Remembered | null {
    const text = this.storage.getItem(this.#prefix + print);
    return text === null ? null : (JSON.parse(text) as Remembered);
  }

  put(print: string, what: Remembered): void {
    try {
      this.storage.setItem(this.#prefix + print, JSON.stringify(what));
    } catch (error) {
      // A full or forbidden storage costs the convenience, not the upload.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  forget(print: string): void {
    this.storage.removeItem(this.#prefix + print);
  }

  /** All files of which something is remembered, with their fingerprints. */
  all(): [string, Remembered][] {
    const keys = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
    return keys
      .filter((key) => key?.startsWith(this.#prefix))
      .map((key) => (key as string).slice(this.#prefix.length))
      .map((print) => [print, this.get(print)] as const)
      .filter((entry): entry is [string, Remembered] => entry[1] !== null);
  }

  clear(): void {
    this.all().forEach(([print]) => this.forget(print));
  }
}
