const WAIT = 150;
const LONGEST_WAIT = 30_000;

/**
 * Ids of things that have changed, read together: what comes within a moment is asked for at once, and what
 * comes while it is being read is asked for after it, so that no older answer comes after a newer one. What
 * could not be read is tried again after ever longer waits.
 */
export class Batch {
  #ids = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = false;
  #wait = WAIT;
  #turn = 0;

  /**
   * @param read - Reads some of them, at most `most` at a time.
   */
  constructor(
    private readonly most: number,
    private readonly read: (ids: string[]) => Promise<void>,
  ) {}

  add(...ids: string[]): void {
    ids.forEach((id) => this.#ids.add(id));
    this.#plan();
  }

  /** Forgets what is still to be read. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#ids.clear();
    this.#wait = WAIT;
    this.#turn += 1;
  }

  #plan(): void {
    if (!this.#ids.size || this.#reading || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#run(), this.#wait);
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    const ids = [...this.#ids].slice(0, this.most);
    const turn = this.#turn;
    ids.forEach((id) => this.#ids.delete(id));
    this.#reading = true;
    try {
      await this.read(ids);
      this.#wait = WAIT;
    } catch {
      // The line, or a service that starts again; what else it may be is said where people ask for it.
      if (turn === this.#turn) ids.forEach((id) => this.#ids.add(id));
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    } finally {
      this.#reading = false;
      this.#plan();
    }
  }
}
