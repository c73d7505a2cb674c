import { SvelteMap } from "svelte/reactivity";

import { api, body, ifStill } from "../api/client";
import { ApiError } from "../api/problem";
import type { Job, Photograph, Restoration, Version } from "../api/things";
import { Batch } from "../live/batch";
import { isOver, jobs } from "./jobs.svelte";

/** How a photograph stands, from its arrival to its result. */
export type Standing = Photograph["state"] | Version["state"];

const PAGE = 200;
/** Photographs whose versions are asked for at a time. */
const AT_ONCE = 100;
/** Photographs that are read one by one; if more have changed, the first page is read. */
const FEW = 3;

/** The organization's photographs and what was made of them, as far as they have been loaded. */
export class Library {
  /** Ids, the newest first: ids sort as they were given. */
  order = $state.raw<string[]>([]);
  photographs = new SvelteMap<string, Photograph>();
  loaded = $state(false);
  loading = $state(false);
  failure = $state.raw<unknown>(null);
  /** By photograph, its versions: the newest first; of those in lists only what lists show. */
  #versions = new SvelteMap<string, Version[]>();
  /** Photographs of which the server has been asked for all versions. */
  #complete = new Set<string>();
  #next = $state<string | null>(null);
  #reading = Promise.resolve();
  #changed = new Batch(PAGE, (ids) => this.#readChanged(ids));
  #made = new Batch(AT_ONCE, (ids) => this.#readVersions(ids));

  /** Photographs that can be restored and never were. */
  fresh = $derived(this.order.filter((id) => this.standing(id) === "ready"));

  get hasMore(): boolean {
    return this.#next !== null;
  }

  get list(): Photograph[] {
    return this.order.map((id) => this.photographs.get(id)).filter((one) => one !== undefined);
  }

  versions(id: string): Version[] {
    return this.#versions.get(id) ?? [];
  }

  standing(id: string): Standing {
    const photograph = this.photographs.get(id);
    if (!photograph || photograph.state !== "ready") return photograph?.state ?? "received";
    for (const version of this.versions(id)) {
      const standing = standingOf(version);
      if (standing) return standing;
    }
    return "ready";
  }

  /** Reads the first page anew: at the start, and when events may have been missed. */
  refresh(): Promise<void> {
    // One after the other: one that has begun need not see what has happened since.
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  async #read(): Promise<void> {
    this.loading = true;
    this.failure = null;
    try {
      const older = this.order;
      const page = await body(api.GET("/v1/photographs", { params: { query: { limit: PAGE } } }));
      await this.#readVersions(page.items.map((one) => one.id));
      this.#add(page.items);
      if (!this.loaded) this.#next = page.next;
      this.loaded = true;
      const read = new Set(page.items.map((one) => one.id));
      const unread = older.filter((id) => !read.has(id));
      if (unread.length) this.#made.add(...unread);
    } catch (error) {
      this.failure = error;
    } finally {
      this.loading = false;
    }
  }

  /** Reads the page that follows, if there is one and none is being read. */
  async more(): Promise<void> {
    if (this.#next === null || this.loading) return;
    this.loading = true;
    try {
      const query = { limit: PAGE, after: this.#next };
      const page = await body(api.GET("/v1/photographs", { params: { query } }));
      await this.#readVersions(page.items.map((one) => one.id));
      this.#add(page.items);
      this.#next = page.next;
    } catch (error) {
      this.failure = error;
    } finally {
      this.loading = false;
    }
  }

  /** Reads one photograph and all of its versions, unless they are known. */
  async open(id: string): Promise<void> {
    if (this.#complete.has(id) && this.photographs.has(id)) return;
    const [photograph, versions] = await Promise.all([
      body(api.GET("/v1/photographs/{photograph_id}", { params: { path: { photograph_id: id } } })),
      body(api.GET("/v1/versions", { params: { query: { photograph: [id] } } })),
    ]);
    this.#versions.set(id, versions);
    // Beside the list, so that what lies between it and the list's end is not taken for loaded.
    this.photographs.set(id, photograph);
    this.#complete.add(id);
  }

  /** A photograph has arrived, or something has become of it. */
  changed(id: string): void {
    this.#changed.add(id);
  }

  /** Something has been made of photographs, or was to be. */
  made(...ids: string[]): void {
    const known = ids.filter((id) => this.photographs.has(id));
    if (known.length) this.#made.add(...known);
  }

  /** A restoration was ordered, ended, or begins again: reads what it means for each photograph. */
  async follow(job: Job): Promise<void> {
    let after: string | null | undefined;
    do {
      const params = { path: { job_id: job.id }, query: { limit: 200, after } };
      const page = await body(api.GET("/v1/jobs/{job_id}/items", { params }));
      this.made(...page.items.map((one) => one.about));
      after = page.next;
    } while (after);
  }

  async restore(photographs: string[], recipe: string, emulsion: string): Promise<Restoration> {
    const asked = {
      photographs,
      recipe,
      ...(emulsion ? { emulsion: emulsion as NonNullable<Photograph["emulsion"]> } : {}),
    };
    const made = await body(api.POST("/v1/restorations", { body: asked }));
    for (const photograph of photographs) this.#begin(photograph, made);
    return made;
  }

  /** Removes a photograph, with its original, unless somebody has changed it since it was read. */
  async remove(id: string): Promise<void> {
    const known = this.photographs.get(id);
    if (!known) return;
    const params = { path: { photograph_id: id }, header: ifStill(known) };
    try {
      await body(api.DELETE("/v1/photographs/{photograph_id}", { params }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) await this.#readOne(id);
      throw error;
    }
    this.#forget(id);
  }

  #begin(photograph: string, { id, recipe, created, job }: Restoration): void {
    const known = this.versions(photograph);
    // Events may have been here first, and know more.
    if (known.some((one) => one.restoration === id)) return;
    const state = "waiting" as const;
    const version = { photograph, state, reason: "", results: [], restoration: id };
    this.#versions.set(photograph, [{ ...version, recipe, created, job }, ...known]);
  }

  async #readChanged(ids: string[]): Promise<void> {
    const before = new Set(this.order);
    let left = ids;
    if (ids.length > FEW) {
      const page = await body(api.GET("/v1/photographs", { params: { query: { limit: PAGE } } }));
      this.#add(page.items);
      const read = new Set(page.items.map((one) => one.id));
      left = ids.filter((id) => !read.has(id));
    }
    await Promise.all(left.map((id) => this.#readOne(id)));
    // What was made of them meanwhile was told before they were here.
    const news = this.order.filter((id) => !before.has(id));
    if (news.length) this.#made.add(...news);
  }

  async #readOne(id: string): Promise<void> {
    const params = { path: { photograph_id: id } };
    try {
      this.#add([await body(api.GET("/v1/photographs/{photograph_id}", { params }))]);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
      this.#forget(id);
    }
  }

  #forget(id: string): void {
    this.order = this.order.filter((one) => one !== id);
    this.photographs.delete(id);
    this.#versions.delete(id);
    this.#complete.delete(id);
  }

  async #readVersions(ids: string[]): Promise<void> {
    for (let first = 0; first < ids.length; first += AT_ONCE) {
      const photograph = ids.slice(first, first + AT_ONCE);
      const query = { photograph, latest: true };
      const found = await body(api.GET("/v1/versions", { params: { query } }));
      for (const id of photograph)
        this.#keep(
          id,
          found.filter((one) => one.photograph === id),
        );
    }
  }

  /** Puts the latest versions of a photograph in the place of what was known of them. */
  #keep(id: string, latest: Version[]): void {
    const news = new Set(latest.map((one) => one.restoration));
    const others = this.#complete.has(id)
      ? this.versions(id).filter((one) => !news.has(one.restoration))
      : [];
    const all = [...latest, ...others];
    this.#versions.set(
      id,
      all.sort((a, b) => (a.restoration < b.restoration ? 1 : -1)),
    );
  }

  #add(photographs: Photograph[]): void {
    const known = new Set(this.order);
    const news = photographs.filter((one) => !known.has(one.id)).map((one) => one.id);
    photographs.forEach((one) => this.photographs.set(one.id, one));
    if (news.length) this.order = [...this.order, ...news].sort((a, b) => (a < b ? 1 : -1));
  }

  clear(): void {
    this.#changed.clear();
    this.#made.clear();
    this.order = [];
    this.photographs.clear();
    this.#versions.clear();
    this.#complete.clear();
    this.#next = null;
    this.loaded = false;
  }
}

/** What a version says of its photograph; nothing if it was stopped before its turn had come. */
function standingOf(version: Version): Standing | null {
  if (version.state === "done" || version.state === "failed") return version.state;
  const job = jobs.all.get(version.job.id) ?? version.job;
  if (job.state === "failed") return "failed";
  if (isOver(job)) return null;
  return job.state === "running" ? version.state : "waiting";
}

export const library = new Library();
