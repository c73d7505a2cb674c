import { createRouter } from "sv-router";

import Missing from "./views/Missing.svelte";
import Photographs from "./views/Photographs.svelte";

export const { p, navigate, isActive, route } = createRouter({
  "/": Photographs,
  // What a first visit does not show is loaded when it is asked for.
  "/photographs/:id": () => import("./views/Photograph.svelte"),
  "/films": () => import("./views/Films.svelte"),
  "/films/:id": () => import("./views/Film.svelte"),
  "/reports": () => import("./views/Reports.svelte"),
  "/members": () => import("./views/Members.svelte"),
  "*": Missing,
});
