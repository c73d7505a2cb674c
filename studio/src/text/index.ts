// Which language the studio speaks. Another one is another file of the same form.
import { en } from "./en";

export type Text = typeof en;
export const t: Text = en;
