// What the stand-in service knows, and how things in it move on.
import type { Film, Photograph, Report, Restoration, Result, Version } from "../../src/api/things";
import { film, job, photograph, report, restoration, result } from "../unit/things";

type Job = Version["job"];
type Kind = "photograph" | "restored" | "film" | "report" | "job";
type Event = { kind: Kind; data: object; number: number };

/** What one restoration has made of one photograph. */
interface Item {
  photograph: string;
  state: Version["state"];
  reason: string;
  results: Result[];
}

export class World {
  photographs = new Map<string, Photograph>();
  restorations = new Map<string, { said: Restoration; items: Item[] }>();
  jobs = new Map<string, Job>();
  films = new Map<string, Film>();
  reports = new Map<string, Report>();
  productions = new Map<string, { id: string; title: string; photographs: string[] }>();
  events: Event[] = [];
  /** Names of photographs that fail the first time. */
  failing = new Set<string>();
  /** Milliseconds that a picture takes. */
  pace = 60;
  /** Whether photographs have captions, which films show. */
  captioned = true;
  /** While this is set, nothing moves. */
  held = false;
  #listeners = new Set<(event: Event) => void>();
  #number = 0;

  id(prefix: string): string {
    this.#number += 1;
    return `${prefix}_${String(this.#number).padStart(26, "0")}`;
  }

  listen(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(kind: Kind, data: object): void {
    const event = { kind, data: structuredClone(data), number: this.events.length + 1 };
    this.events.push(event);
    this.#listeners.forEach((listener) => listener(event));
  }

  receive(filename: string, bytes: number, more: Partial<Photograph> = {}): Photograph {
    const id = this.id("ph");
    const wide = this.photographs.size % 3 !== 1;
    const isBad = filename.includes("broken");
    const here = `/v1/photographs/${id}`;
    const pictures = { thumbnail: `${here}/thumbnail?key=1`, preview: `${here}/preview?key=1` };
    const made = photograph(id, {
      filename,
      bytes,
      state: isBad ? "refused" : "ready",
      reason: isBad ? "the file ends in the middle of the picture" : null,
      width: isBad ? null : wide ? 480 : 320,
      height: isBad ? null : wide ? 320 : 420,
      links: { original: `${here}/original`, ...(isBad ? {} : pictures) },
      ...more,
    });
    this.photographs.set(id, made);
    this.tell("photograph", { id, filename, state: made.state, reason: made.reason });
    return made;
  }

  /** A photograph, and what was made of it. */
  remove(id: string): void {
    const { filename } = this.photographs.get(id) ?? {};
    this.photographs.delete(id);
    for (const made of this.restorations.values())
      made.items = made.items.filter((item) => item.photograph !== id);
    this.tell("photograph", { id, filename, state: "deleted", reason: null });
  }

  #job(kind: string, about: string, total: number): Job {
    const made = job(this.id("jo"), kind, { about, total });
    this.jobs.set(made.id, made);
    return made;
  }

  restore(photographs: string[], recipe: string): Restoration {
    const id = this.id("rs");
    const made = this.#job("restoration", id, photographs.length);
    const items = photographs.map((photograph) => ({
      photograph,
      state: "waiting" as const,
      reason: "",
      results: [],
    }));
    const said = { ...restoration(id, made), recipe };
    this.restorations.set(id, { said, items });
    this.tell("job", made);
    void this.#work(id, items, made);
    return said;
  }

  /** What restorations have made of photographs, the newest first. */
  versions(photographs: string[]): Version[] {
    return [...this.restorations.values()].reverse().flatMap(({ said, items }) =>
      items
        .filter((item) => photographs.includes(item.photograph))
        .map((item) => {
          const { id, recipe, created, job } = said;
          return { ...item, restoration: id, recipe, created, job };
        }),
    );
  }

  async #work(id: string, items: Item[], job: Job): Promise<void> {
    for (const item of items) {
      if (item.state === "done") continue;
      await this.#turn(job);
      if (job.state === "cancelled") return;
      job.state = "running";
      this.tell("job", job);
      item.state = "working";
      this.tell("restored", { photograph: item.photograph, restoration: id, state: item.state });
      await this.#turn(job);
      const name = this.photographs.get(item.photograph)?.filename ?? "";
      if (this.failing.delete(name)) {
        item.state = "failed";
        item.reason = "the machine ran out of memory";
        job.failed += 1;
      } else {
        item.state = "done";
        item.reason = "";
        item.results = this.#results(id, item.photograph, name);
        job.done += 1;
      }
      const { photograph, state } = item;
      this.tell("restored", { photograph, restoration: id, state });
      this.tell("job", job);
    }
    job.state = "succeeded";
    this.tell("job", job);
  }

  async #turn(job: Job): Promise<void> {
    do await new Promise((done) => setTimeout(done, this.pace));
    while (this.held || job.state === "paused");
  }

  #results(restoration: string, photograph: string, name: string): Result[] {
    const stem = name.replace(/\.\w+$/, "");
    const made = (kind: Result["kind"], name: string, media_type: string, size: number) => {
      const url = `/v1/results/${restoration}.${photograph}.${kind}/content`;
      const more = { id: this.id("re"), of: restoration, photograph, name, url };
      return result(kind, media_type, size, more);
    };
    return [
      made("picture", `${stem}.tif`, "image/tiff", 4_200_000),
      made("preview", "preview.png", "image/png", 310_000),
      made("record", `${stem}.record.json`, "application/json", 5_300),
    ];
  }

  /** Somebody deletes a film, or a report. */
  forget(kind: "film" | "report", id: string): void {
    const made = kind === "film" ? this.films : this.reports;
    const title = made.get(id)?.title;
    made.delete(id);
    this.tell(kind, { id, title, state: "deleted" });
  }

  report(photographs: string[]): Report {
    const id = this.id("rp");
    const job = this.#job("report", id, 1);
    const made = report(id, job, photographs);
    this.reports.set(id, made);
    void this.#write(made, job);
    return made;
  }

  async #write(report: Report, job: Job): Promise<void> {
    await this.#turn(job);
    const made = (kind: Result["kind"], name: string, media_type: string, size: number) => {
      const url = `/v1/results/${report.id}.${kind}/content`;
      return result(kind, media_type, size, { id: this.id("re"), of: report.id, name, url });
    };
    report.results = [
      made("report", "report.html", "text/html", 640_000),
      made("table", "report.csv", "text/csv", 2_400),
    ];
    Object.assign(job, { state: "succeeded", done: 1 });
    this.tell("job", job);
  }

  order(job: Job, order: string): void {
    if (order === "pause") job.state = "paused";
    if (order === "resume") job.state = "running";
    if (order === "cancel") job.state = "cancelled";
    if (order === "retry") {
      Object.assign(job, { state: "queued", failed: 0, message: "" });
      const made = this.restorations.get(job.about);
      const film = this.films.get(job.about);
      if (made) void this.#work(made.said.id, made.items, job);
      if (film) void this.#shoot(film, job);
    }
    this.tell("job", job);
  }

  film(production: string): Film {
    const id = this.id("fi");
    const job = this.#job("film", id, 8);
    const made = film(id, job, this.productions.get(production)?.title ?? "");
    this.films.set(id, made);
    void this.#shoot(made, job);
    return made;
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
      const made = (kind: Result["kind"], name: string, media_type: string, size: number) =>
        result(kind, media_type, size, {
          id: this.id("re"),
          of: film.id,
          name,
          url: `/v1/results/${film.id}.${kind}/content`,
        });
      film.results = [
        made("film", "film.mp4", "video/mp4", 12_400_000),
        ...(this.captioned ? [made("captions", "film.vtt", "text/vtt", 800)] : []),
        made("cue_sheet", "film.cues.csv", "text/csv", 2_100),
        made("poster", "poster.png", "image/png", 210_000),
      ];
    }
    this.tell("job", job);
  }
}
