import type { Job } from "../api/things";
import { Live } from "../live/events.svelte";
import { films } from "./films.svelte";
import { isOver, jobs } from "./jobs.svelte";
import { library } from "./library.svelte";
import { notices } from "./notices.svelte";
import { reports } from "./reports.svelte";

/** The studio's stream of events, and who takes what from it. */
export const live = new Live({
  photograph: ({ id }) => library.changed(id),
  restored: ({ photograph }) => library.made(photograph),
  film: ({ id }) => films.changed(id),
  report: ({ id }) => reports.changed(id),
  job: takeJob,
  missed: () => notices.trying(readAll),
});

function takeJob(job: Job): void {
  const before = jobs.all.get(job.id)?.state;
  jobs.take(job);
  const isNews = before !== job.state && (job.state === "queued" || isOver(job));
  if (job.kind === "intake") library.changed(job.about);
  else if (job.kind === "film" || job.kind === "report") {
    if (isNews) (job.kind === "film" ? films : reports).changed(job.about);
  } else if (job.kind === "restoration" && isNews) notices.trying(() => library.follow(job));
}

async function readAll(): Promise<void> {
  const made = [films, reports].map((one) => (one.all.size ? one.refresh() : null));
  await Promise.all([library.refresh(), jobs.refresh(), ...made]);
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
  reports.clear();
}
