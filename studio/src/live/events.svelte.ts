import type { Job } from "../api/things";

/** What events say; whoever wants to know more asks for it. */
export interface Takers {
  photograph: (photograph: { id: string; state: string }) => void;
  restored: (item: { photograph: string; restoration: string; state: string }) => void;
  film: (film: { id: string; state: string }) => void;
  report: (report: { id: string; state: string }) => void;
  job: (job: Job) => void;
  /** Events may have been missed: lists are to be read anew. */
  missed: () => void;
}

const ADDRESS = "/v1/events";
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/**
 * What happens in the service, as it happens. The stream ends after some minutes; browsers open it again
 * with the id of the last event, so that nothing is missed. What they give up on (an answer that is no
 * stream: a server that starts again behind a proxy) is tried again here, after ever longer waits.
 */
export class Live {
  connected = $state(false);
  #takers: Takers;
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT;
  /** Whether this source has the id of an event to go on from. */
  #heard = false;

  constructor(takers: Takers) {
    this.#takers = takers;
  }

  start(): void {
    this.stop();
    this.#open();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.connected = false;
  }

  #open(): void {
    const source = new EventSource(ADDRESS);
    this.#source = source;
    this.#heard = false;
    source.onopen = () => {
      this.connected = true;
      this.#wait = FIRST_WAIT;
    };
    // Each stream begins with the number that it goes on from. One that goes on from where this source was
    // leaves nothing out; before one that does not, anything may have happened since lists were read.
    source.addEventListener("hello", () => {
      if (!this.#heard) this.#takers.missed();
      this.#heard = true;
    });
    source.onerror = () => {
      this.connected = false;
      if (source.readyState !== EventSource.CLOSED) return;
      source.close();
      this.#timer = setTimeout(() => this.#open(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    };
    this.#listen(source, "photograph", this.#takers.photograph);
    this.#listen(source, "restored", this.#takers.restored);
    this.#listen(source, "film", this.#takers.film);
    this.#listen(source, "report", this.#takers.report);
    this.#listen(source, "job", this.#takers.job);
  }

  #listen<Thing>(source: EventSource, kind: string, take: (thing: Thing) => void): void {
    source.addEventListener(kind, (event: MessageEvent<string>) => {
      take(JSON.parse(event.data) as Thing);
    });
  }
}
