import { Live } from "../live/events.svelte";
import { films } from "./films.svelte";
import { jobs } from "./jobs.svelte";
import { library } from "./library.svelte";
import { notices } from "./notices.svelte";

/** The studio's stream of events, and who takes what from it. */
export const live = new Live({
  photograph: (photograph) => library.take(photograph),
  restoration: (restoration) => library.restorations.set(restoration.id, restoration),
  job: (job) => jobs.take(job),
  film: (film) => films.take(film),
  missed: () => notices.trying(readAll),
});

async function readAll(): Promise<void> {
  await Promise.all([library.refresh(), jobs.refresh(), films.loaded ? films.refresh() : null]);
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
