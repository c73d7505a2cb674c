import { small } from "../api/results";
import type { Photograph } from "../api/things";
import { library } from "../state/library.svelte";

/** What shows a photograph in small: its newest result, else the scan. */
export function pictureOf(photograph: Photograph): string | null {
  const done = library.versions(photograph.id).find((one) => one.state === "done");
  return (done && small(done.results)?.url) ?? photograph.links.thumbnail ?? null;
}
