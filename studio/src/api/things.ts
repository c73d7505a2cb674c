// The API's things by the names that the studio calls them; the only place that knows the names that the
// specification gives them.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type Photograph = Schemas["Photograph"];
export type Result = Schemas["Result"];
export type Restoration = Schemas["Restoration"];
export type RestorationItem = Schemas["RestorationItem"];
export type Job = Schemas["Job"];
export type Film = Schemas["Film"];
export type Recipe = Schemas["Recipe"];
export type Emulsion = Schemas["Emulsion"];
export type Problem = Schemas["Problem"];
