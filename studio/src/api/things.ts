// The API's things by the names that the studio calls them; the only place that knows the names that the
// specification gives them.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type Invitation = Schemas["InvitationRead"];
export type Role = Invitation["role"];
export type Member = Schemas["MemberShown"];
/** An invitation that nobody has used yet, as whoever invites sees it. */
export type OpenInvitation = Schemas["InvitationShown"];
export type Photograph = Schemas["PhotographShown"];
export type Result = Schemas["ResultOut"];
export type Restoration = Schemas["RestorationOut"];
/** What one restoration has made of one photograph. */
export type Version = Schemas["VersionOut"];
/** As much of a job as events tell, too. */
export type Job = Pick<
  Schemas["JobOut"],
  "id" | "kind" | "about" | "state" | "wish" | "total" | "done" | "failed" | "message" | "again"
>;
export type Film = Schemas["FilmOut"];
export type Report = Schemas["ReportOut"];
export type Problem = Schemas["Problem"];
export type Recipe = Schemas["RecipeShown"];
export type Emulsion = Schemas["EmulsionShown"];
