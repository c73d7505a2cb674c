import { SvelteMap } from "svelte/reactivity";

import { api, body } from "../api/client";
import type { Job } from "../api/things";

export type Order = "pause" | "resume" | "cancel" | "retry";

const OVER = new Set<Job["state"]>(["succeeded", "failed", "cancelled"]);
/** What people have ordered; each photograph that arrives is a job, too, which nobody wants to read of. */
const KINDS = ["restoration", "film", "report"];
const PAGE = 20;

/** Whether nothing will be done any more unless somebody asks. */
export const isOver = (job: Job): boolean => OVER.has(job.state);

/** What is being made, and what was of late. */
export class Jobs {
  all = new SvelteMap<string, Job>();
  list = $derived([...this.all.values()].sort((a, b) => (a.id < b.id ? 1 : -1)));
  running = $derived(this.list.filter((job) => !isOver(job)));

  async refresh(): Promise<void> {
    const pages = await Promise.all(
      KINDS.map((kind) => body(api.GET("/v1/jobs", { params: { query: { limit: PAGE, kind } } }))),
    );
    pages.forEach((page) => page.items.forEach((job) => this.take(job)));
  }

  /** Reads one, unless it is known. */
  async open(id: string): Promise<void> {
    if (!this.all.has(id))
      this.take(await body(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } } })));
  }

  take(job: Job): void {
    if (KINDS.includes(job.kind)) this.all.set(job.id, job);
  }

  async order(id: string, order: Order): Promise<void> {
    const params = { path: { job_id: id } };
    const asking = {
      pause: () => api.POST("/v1/jobs/{job_id}/pause", { params }),
      resume: () => api.POST("/v1/jobs/{job_id}/resume", { params }),
      cancel: () => api.POST("/v1/jobs/{job_id}/cancel", { params }),
      retry: () => api.POST("/v1/jobs/{job_id}/retry", { params }),
    };
    this.take(await body(asking[order]()));
  }

  clear(): void {
    this.all.clear();
  }
}

export const jobs = new Jobs();
