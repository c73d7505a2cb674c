import { type Taken } from "./dropped";
import { fingerprint, Memory, type Remembered } from "./remembered";
import { send, type Sending, type Trouble } from "./sending";

export type UploadState = "waiting" | "sending" | "waitingForLine" | "done" | "failed";

const AT_ONCE = 3;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/** One file on its way. */
export class Upload {
  state = $state<UploadState>("waiting");
  sent = $state(0);
  reason = $state("");
  url: string | null = null;
  wait = FIRST_WAIT;
  timer: ReturnType<typeof setTimeout> | undefined;
  sending: Sending | null = null;

  constructor(
    readonly file: File,
    readonly print: string,
  ) {}
}

/** All files on their way: a few at once, each tried again until the line is back. */
export class Queue {
  uploads = $state.raw<Upload[]>([]);
  skipped = $state(0);
  /** What an earlier visit did not finish: the browser needs to be given these files again. */
  unfinished = $state.raw<[string, Remembered][]>([]);
  done = $derived(this.uploads.filter((one) => one.state === "done").length);
  failed = $derived(this.uploads.filter((one) => one.state === "failed"));
  active = $derived(this.uploads.length - this.done - this.failed.length);
  cut = $derived(this.uploads.some((one) => one.state === "waitingForLine"));
  bytes = $derived(this.uploads.reduce((sum, one) => sum + one.file.size, 0));
  sent = $derived(this.uploads.reduce((sum, one) => sum + one.sent, 0));
  #memory: Memory | null = null;
  #send: typeof send;

  constructor(how: typeof send = send) {
    this.#send = how;
  }

  /** Begins with what this browser remembers of somebody's uploads. Whoever was signed out by time goes on
   * where they were; what somebody else was sending is not sent in this one's name. */
  open(memory: Memory): void {
    if (this.#memory?.user !== memory.user) this.#close();
    this.#memory = memory;
    const all = memory.all();
    this.unfinished = all.filter(([, one]) => !one.done);
    if (!this.unfinished.length) memory.clear();
    this.uploads.filter((one) => one.state === "waitingForLine").forEach((one) => this.again(one));
    this.#next();
  }

  add({ files, skipped }: Taken): void {
    const here = new Set(this.uploads.map((one) => one.print));
    const news = files
      .map((file) => new Upload(file, fingerprint(file)))
      .filter((upload, index, all) => {
        const isTwice = all.findIndex((one) => one.print === upload.print) !== index;
        return !here.has(upload.print) && !isTwice;
      });
    news.forEach((upload) => this.#recall(upload));
    this.skipped += skipped;
    this.uploads = [...this.uploads, ...news];
    const prints = new Set(news.map((one) => one.print));
    this.unfinished = this.unfinished.filter(([print]) => !prints.has(print));
    this.#next();
  }

  /** Tries a file again that has failed, or now instead of later. */
  again(upload: Upload): void {
    clearTimeout(upload.timer);
    upload.state = "waiting";
    upload.reason = "";
    this.#next();
  }

  /** The line is back: nobody waits any longer. */
  online(): void {
    this.uploads.filter((one) => one.state === "waitingForLine").forEach((one) => this.again(one));
  }

  stop(upload: Upload): void {
    clearTimeout(upload.timer);
    void upload.sending?.stop(true);
    this.#memory?.forget(upload.print);
    this.uploads = this.uploads.filter((one) => one !== upload);
    this.#next();
  }

  /** Takes what has ended off the list. */
  clear(): void {
    this.failed.forEach((upload) => this.#memory?.forget(upload.print));
    this.uploads = this.uploads.filter((one) => one.state !== "done" && one.state !== "failed");
    this.skipped = 0;
    this.#tidy();
  }

  forgetUnfinished(): void {
    this.unfinished.forEach(([print]) => this.#memory?.forget(print));
    this.unfinished = [];
    this.#tidy();
  }

  /** What runs is stopped; what is remembered stays. */
  #close(): void {
    for (const upload of this.uploads) {
      clearTimeout(upload.timer);
      void upload.sending?.stop(false);
    }
    this.uploads = [];
    this.skipped = 0;
  }

  #recall(upload: Upload): void {
    const remembered = this.#memory?.get(upload.print);
    if (remembered?.done) {
      upload.state = "done";
      upload.sent = upload.file.size;
    } else {
      upload.url = remembered?.url ?? null;
      this.#remember(upload, false);
    }
  }

  #remember(upload: Upload, done: boolean): void {
    const { name, size } = upload.file;
    this.#memory?.put(upload.print, { name, size, url: upload.url, done });
  }

  #next(): void {
    const sending = this.uploads.filter((one) => one.state === "sending").length;
    const waiting = this.uploads.filter((one) => one.state === "waiting");
    waiting.slice(0, Math.max(0, AT_ONCE - sending)).forEach((one) => void this.#start(one));
  }

  async #start(upload: Upload): Promise<void> {
    upload.state = "sending";
    try {
      upload.sending = await this.#send(upload.file, upload.url, {
        url: (url) => {
          upload.url = url;
          this.#remember(upload, false);
        },
        sent: (bytes) => {
          upload.sent = bytes;
          upload.wait = FIRST_WAIT;
        },
        done: () => this.#finish(upload),
        trouble: (trouble) => this.#meet(upload, trouble),
      });
      // It may have been taken off the list while the library was loaded.
      if (!this.uploads.includes(upload)) void upload.sending.stop(true);
    } catch {
      // The library itself did not arrive: the line again.
      this.#meet(upload, { kind: "line", wait: 0 });
    }
  }

  #finish(upload: Upload): void {
    upload.state = "done";
    upload.sent = upload.file.size;
    this.#remember(upload, true);
    this.#tidy();
    this.#next();
  }

  #meet(upload: Upload, trouble: Trouble): void {
    if (trouble.kind === "refused") {
      upload.state = "failed";
      upload.reason = trouble.reason;
      this.#memory?.forget(upload.print);
    } else if (trouble.kind === "gone" && upload.url) {
      // It was kept for a time only: from the beginning.
      upload.url = null;
      upload.sent = 0;
      upload.state = "waiting";
    } else {
      const wait = Math.max(trouble.kind === "line" ? trouble.wait : 0, upload.wait);
      upload.state = "waitingForLine";
      upload.wait = Math.min(upload.wait * 2, LONGEST_WAIT);
      upload.timer = setTimeout(() => this.again(upload), wait);
    }
    this.#next();
  }

  /** When everything has arrived, nothing needs to be remembered any more. */
  #tidy(): void {
    if (this.active === 0 && !this.unfinished.length) this.#memory?.clear();
  }
}

export const queue = new Queue();
