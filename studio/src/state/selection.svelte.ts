import { SvelteSet } from "svelte/reactivity";

/** The photographs that are chosen, in the order in which they were. */
export class Selection {
  ids = new SvelteSet<string>();
  #anchor: string | null = null;

  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  toggle(id: string): void {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.#anchor = id;
  }

  /** Chooses all from the one that was chosen last to this one. */
  through(id: string, order: string[]): void {
    const from = this.#anchor === null ? -1 : order.indexOf(this.#anchor);
    const to = order.indexOf(id);
    if (from < 0 || to < 0) {
      this.toggle(id);
      return;
    }
    const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const one of from > to ? range.reverse() : range) this.ids.add(one);
    this.#anchor = id;
  }

  all(order: string[]): void {
    for (const id of order) this.ids.add(id);
  }

  clear(): void {
    this.ids.clear();
    this.#anchor = null;
  }
}

export const selection = new Selection();
