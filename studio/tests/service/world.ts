// What the stand-in service knows, and how things in it move on.
import type { Film, Job, Photograph, Restoration, Result } from "../../src/api/things";

type Told = { kind: "photograph" | "restoration" | "job" | "film"; thing: { id: string } };

export class World {
  photographs = new Map<string, Photograph>();
  restorations = new Map<string, Restoration>();
  jobs = new Map<string, Job>();
  films = new Map<string, Film>();
  productions = new Map<string, { id: string; title: string; photographs: string[] }>();
  events: (Told & { number: number })[] = [];
  /** Names of photographs that fail the first time. */
  failing = new Set<string>();
  /** Milliseconds that a picture takes. */
  pace = 60;
  /** While this is set, nothing moves. */
  held = false;
  #listeners = new Set<(event: Told & { number: number }) => void>();
  #number = 0;

  id(prefix: string): string {
    this.#number += 1;
    return `${prefix}_${String(this.#number).padStart(26, "0")}`;
  }

  listen(listener: (event: Told & { number: number }) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(kind: Told["kind"], thing: { id: string }): void {
    const event = { kind, thing: structuredClone(thing), number: this.events.length + 1 };
    this.events.push(event);
    this.#listeners.forEach((listener) => listener(event));
  }

  receive(name: string, size: number, more: Partial<Photograph> = {}): Photograph {
    const id = this.id("ph");
    const number = this.photographs.size;
    const wide = number % 3 !== 1;
    const isBad = name.includes("broken");
    const photograph: Photograph = {
      id,
      name,
      state: isBad ? "refused" : "ready",
      reason: isBad ? "the file ends in the middle of the picture" : null,
      width: isBad ? null : wide ? 480 : 320,
      height: isBad ? null : wide ? 320 : 420,
      size,
      sha256: "b".repeat(64),
      title: null,
      caption: null,
      date: null,
      created: "2026-01-01T00:00:00Z",
      thumbnail: isBad ? null : `/v1/photographs/${id}/thumbnail`,
      preview: isBad ? null : `/v1/photographs/${id}/preview`,
      ...more,
    };
    this.photographs.set(id, photograph);
    this.tell("photograph", photograph);
    return photograph;
  }

  #job(kind: string, total: number): Job {
    const id = this.id("jb");
    const job: Job = { id, kind, state: "queued", done: 0, total, failed: 0, message: null };
    this.jobs.set(id, job);
    return job;
  }

  restore(photographs: string[], recipe: string): Restoration {
    const job = this.#job("restoration", photographs.length);
    const items = photographs.map((photograph) => ({
      photograph,
      state: "waiting" as const,
      reason: null,
      results: [],
    }));
    const restoration: Restoration = { id: this.id("rs"), job: job.id, recipe, items };
    this.restorations.set(restoration.id, restoration);
    void this.#work(restoration, job);
    return restoration;
  }

  async #work(restoration: Restoration, job: Job): Promise<void> {
    for (const item of restoration.items) {
      if (item.state === "done") continue;
      await this.#turn(job);
      if (job.state === "cancelled") return;
      job.state = "running";
      item.state = "working";
      this.tell("restoration", restoration);
      this.tell("job", job);
      await this.#turn(job);
      const name = this.photographs.get(item.photograph)?.name ?? "";
      if (this.failing.delete(name)) {
        item.state = "failed";
        item.reason = "the machine ran out of memory";
        job.failed += 1;
      } else {
        item.state = "done";
        item.results = this.#results(restoration.id, item.photograph, name);
        job.done += 1;
      }
      this.tell("restoration", restoration);
      this.tell("job", job);
    }
    job.state = job.failed ? "failed" : "succeeded";
    this.tell("job", job);
  }

  async #turn(job: Job): Promise<void> {
    do await new Promise((done) => setTimeout(done, this.pace));
    while (this.held || job.state === "paused");
  }

  #results(restoration: string, photograph: string, name: string): Result[] {
    const stem = name.replace(/\.\w+$/, "");
    const at = `/results/${restoration}/${photograph}`;
    const result = (kind: string, file: string, media_type: string, size: number) => ({
      id: this.id("re"),
      kind,
      name: file,
      media_type,
      size,
      url: `${at}/${kind}`,
    });
    return [
      result("picture", `${stem}.tif`, "image/tiff", 4_200_000),
      result("preview", `${stem}.png`, "image/png", 310_000),
      result("record", `${stem}.record.json`, "application/json", 5_300),
    ];
  }

  order(job: Job, order: string): void {
    if (order === "pause") job.state = "paused";
    if (order === "resume") job.state = "running";
    if (order === "cancel") job.state = "cancelled";
    if (order === "retry") {
      Object.assign(job, { state: "queued", failed: 0, message: null });
      const restoration = [...this.restorations.values()].find((one) => one.job === job.id);
      const film = [...this.films.values()].find((one) => one.job === job.id);
      if (restoration) void this.#work(restoration, job);
      if (film) void this.#shoot(film, job);
    }
    this.tell("job", job);
  }

  film(production: string): Film {
    const made = this.productions.get(production);
    const job = this.#job("film", 8);
    const film: Film = {
      id: this.id("fm"),
      job: job.id,
      title: made?.title ?? "",
      state: "queued",
      results: [],
    };
    this.films.set(film.id, film);
    void this.#shoot(film, job);
    return film;
  }

  async #shoot(film: Film, job: Job): Promise<void> {
    while (job.done < job.total) {
      await this.#turn(job);
      if (job.state === "cancelled") return;
      job.state = "running";
      job.done += 1;
      this.tell("job", job);
    }
    if (this.failing.delete("film")) {
      job.state = "failed";
      job.done = 0;
      job.message = "the disk was full while the film was written";
    } else {
      job.state = "succeeded";
      film.state = "succeeded";
      film.results = [
        ["film", "film.mp4", "video/mp4", 12_400_000],
        ["captions", "film.vtt", "text/vtt", 800],
        ["cue-sheet", "cue-sheet.csv", "text/csv", 2_100],
        ["poster", "poster.png", "image/png", 210_000],
      ].map(([kind, name, media_type, size]) => ({
        id: this.id("re"),
        kind: String(kind),
        name: String(name),
        media_type: String(media_type),
        size: Number(size),
        url: `/results/${film.id}/${kind}`,
      }));
      this.tell("film", film);
    }
    this.tell("job", job);
  }
}
