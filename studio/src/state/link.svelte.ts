const KINDS = ["setup", "reset", "invitation"] as const;

export interface Link {
  kind: (typeof KINDS)[number];
  token: string;
}

/**
 * The one-time link that this page was opened with: `/#setup=...`. What is secret stands behind the `#`, so
 * that it is in no log of any server; and it leaves the address once it is read.
 */
class Opened {
  current = $state.raw<Link | null>(null);

  constructor() {
    this.#read();
    // In a page that is open already, a link changes nothing but what stands behind the `#`.
    addEventListener("hashchange", () => this.#read());
  }

  done(): void {
    this.current = null;
  }

  #read(): void {
    const [name, token] = location.hash.slice(1).split("=");
    const kind = KINDS.find((one) => one === name);
    if (!kind) return;
    this.current = { kind, token: token ?? "" };
    history.replaceState(history.state, "", location.pathname);
  }
}

export const link = new Opened();
