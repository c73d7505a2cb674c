import { said } from "../api/problem";

/** What the studio says in passing: to everyone at the foot of the page, and to screen readers. */
class Notices {
  text = $state("");
  bad = $state(false);
  #again = $state.raw<(() => void) | null>(null);

  get again(): (() => void) | null {
    return this.#again;
  }

  say(text: string): void {
    this.text = text;
    this.bad = false;
    this.#again = null;
  }

  /** Does something that may fail; says so, with a way to try again. */
  trying(work: () => Promise<unknown>): void {
    work().then(
      () => {
        if (this.bad) this.dismiss();
      },
      (error: unknown) => {
        this.text = said(error);
        this.bad = true;
        this.#again = () => this.trying(work);
      },
    );
  }

  /** Says what did not work, where trying it again is another choice than before. */
  fail(error: unknown): void {
    this.text = said(error);
    this.bad = true;
    this.#again = null;
  }

  dismiss(): void {
    this.text = "";
    this.bad = false;
    this.#again = null;
  }
}

export const notices = new Notices();
