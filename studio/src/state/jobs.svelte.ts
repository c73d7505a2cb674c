import { SvelteMap } from "svelte/reactivity";

import { api, body } from "../api/client";
import type { Job } from "../api/things";

export type Order = "pause" | "resume" | "cancel" | "retry";

const OVER = new Set<Job["state"]>(["succeeded", "failed", "cancelled"]);

/** Whether nothing will be done any more unless somebody asks. */
export const isOver = (job: Job): boolean => OVER.has(job.state);

/** What is being made, and what was of late. */
export class Jobs {
  all = new SvelteMap<string, Job>();
  list = $derived([...this.all.values()].sort((a, b) => (a.id < b.id ? 1 : -1)));
  running = $derived(this.list.filter((job) => !isOver(job)));

  async refresh(): Promise<void> {
    const page = await body(api.GET("/v1/jobs", { params: { query: { limit: 30 } } }));
    page.items.forEach((job) => this.take(job));
  }

  /** Reads one, unless it is known. */
  async open(id: string): Promise<void> {
    if (!this.all.has(id))
      this.take(await body(api.GET("/v1/jobs/{id}", { params: { path: { id } } })));
  }

  take(job: Job): void {
    this.all.set(job.id, job);
  }

  async order(id: string, order: Order): Promise<void> {
    const params = { path: { id } };
    const asking = {
      pause: () => api.POST("/v1/jobs/{id}/pause", { params }),
      resume: () => api.POST("/v1/jobs/{id}/resume", { params }),
      cancel: () => api.POST("/v1/jobs/{id}/cancel", { params }),
      retry: () => api.POST("/v1/jobs/{id}/retry", { params }),
    };
    this.take(await body(asking[order]()));
  }

  clear(): void {
    this.all.clear();
  }
}

export const jobs = new Jobs();
