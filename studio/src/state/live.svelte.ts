import type { Job } from "../api/things";
import { Live } from "../live/events.svelte";
import { films } from "./films.svelte";
import { isOver, jobs } from "./jobs.svelte";
import { library } from "./library.svelte";
import { notices } from "./notices.svelte";

/** The studio's stream of events, and who takes what from it. */
export const live = new Live({
  photograph: ({ id }) => library.changed(id),
  restored: ({ photograph }) => library.made(photograph),
  film: ({ id }) => films.changed(id),
  job: takeJob,
  missed: () => notices.trying(readAll),
});

function takeJob(job: Job): void {
  const before = jobs.all.get(job.id)?.state;
  jobs.take(job);
  const isNews = before !== job.state && (job.state === "queued" || isOver(job));
  if (job.kind === "intake") library.changed(job.about);
  else if (job.kind === "film") {
    if (isNews) films.changed(job.about);
  } else if (job.kind === "restoration" && isNews) notices.trying(() => library.follow(job));
}

async function readAll(): Promise<void> {
  await Promise.all([library.refresh(), jobs.refresh(), films.all.size ? films.refresh() : null]);
}

/** Everything that the first page needs, once somebody has signed in. */
export function begin(): void {
  notices.trying(readAll);
  live.start();
}

/** Forgets everything of whoever has signed out. */
export function end(): void {
  live.stop();
  library.clear();
  jobs.clear();
  films.clear();
}
