// Who may use the stand-in service: sign-ins, one-time links, members and invitations.
import type { Invitation, Member, OpenInvitation, Role, Session } from "../../src/api/things";

export const PERSON = { email: "ada@archive.example", password: "correct horse battery" };
export const SETUP_TOKEN = "one-time";
export const RESET_TOKEN = "forgotten";
/** Of somebody who is new here, and of somebody who has an account. */
export const INVITED = { anew: "for-grace", known: "for-ada" };
export const CSRF = "csrf-token";
export const COOKIE = "photochrom_session=here";

/** What is answered; a string is the detail of a problem. */
export interface Answer {
  status: number;
  body?: unknown;
  cookie?: string;
}

const UNTIL = "2030-01-01T00:00:00Z";
const PERMISSIONS: Record<Role, Session["organizations"][number]["permissions"]> = {
  owner: ["view", "review", "edit", "manage"],
  editor: ["view", "review", "edit"],
  reviewer: ["view", "review"],
  viewer: ["view"],
};
const IN = `${COOKIE}; Path=/; HttpOnly; SameSite=Lax`;
const OUT = "photochrom_session=; Max-Age=0; Path=/";

const place = (organization: string, name: string, role: Role) => ({
  organization,
  name,
  role,
  permissions: PERMISSIONS[role],
});

const member = (id: string, name: string, role: Role): Member => ({
  id: `me_${id}`,
  user: `us_${id}`,
  email: `${name.split(" ")[0]?.toLowerCase()}@archive.example`,
  name,
  role,
  since: "2026-01-01T00:00:00Z",
  revision: 1,
});

export class People {
  /** Whether there is a provider, and whether nobody has an account. */
  ways = { oidc: false, setup: false };
  places = [place("or_1", "Town archive", "owner")];
  chosen: string | null = null;
  members = new Map(
    [
      member("1", "Ada", "owner"),
      member("2", "Grace Hopper", "editor"),
      member("3", "Jean Bartik", "viewer"),
    ].map((one) => [one.id, one]),
  );
  invitations = new Map<string, OpenInvitation>();
  #number = 0;

  /** Adds another organization that Ada belongs to. */
  join(name: string, role: Role): void {
    this.places.push(place(`or_${this.places.length + 1}`, name, role));
  }

  session(): Session {
    const only = this.places.length === 1 ? this.places[0]?.organization : null;
    return {
      user: "us_1",
      email: PERSON.email,
      name: "Ada",
      csrf: CSRF,
      until: UNTIL,
      organizations: this.places,
      organization: this.chosen ?? only ?? null,
    };
  }

  /** What strangers may ask; null for what they may not. */
  door(method: string, [domain, more]: string[], isIn: boolean, asked: Asked): Answer | null {
    const welcome = { status: 201, body: this.session(), cookie: IN };
    const spent = { status: 410, body: "this link has been used" };
    switch (`${method} ${domain}/${more ?? ""}`) {
      case "GET session/ways":
        return { status: 200, body: this.ways };
      case "POST session/":
        return asked.email === PERSON.email && asked.password === PERSON.password
          ? welcome
          : { status: 401, body: "the address or the password is wrong" };
      case "GET session/":
        return isIn ? { status: 200, body: this.session() } : null;
      case "DELETE session/":
        return { status: 204, cookie: OUT };
      case "POST setup/":
        return asked.token === SETUP_TOKEN ? welcome : spent;
      case "POST reset/":
        return asked.token === RESET_TOKEN ? welcome : spent;
      case "POST invitation/read":
        return this.#read(asked.token);
      case "POST invitation/accept":
        return asked.token === INVITED.anew ? welcome : spent;
      default:
        return null;
    }
  }

  /** What members may ask; null for what is not about people. */
  room(method: string, parts: string[], asked: Asked, ifMatch?: string): Answer | null {
    const [domain, id] = parts;
    switch (`${method} ${domain}`) {
      case "PUT session":
        this.chosen = asked.organization ?? null;
        return { status: 200, body: this.session() };
      case "POST invitation":
        this.join("Lakeside museum", "editor");
        return { status: 204 };
      case "DELETE membership":
        return { status: 409, body: "an organization has at least one owner" };
      case "POST invitations":
        return this.#invite(asked);
      case "DELETE invitations":
        return { status: this.invitations.delete(id ?? "") ? 204 : 404 };
      case "GET invitations":
        return { status: 200, body: { items: newest(this.invitations), next: null } };
      default:
        return domain === "members" ? this.#member(method, id, asked, ifMatch) : null;
    }
  }

  /** Somebody else gives a member another role. */
  change(id: string, role: Role): void {
    const found = this.members.get(id);
    if (found) this.members.set(id, { ...found, role, revision: found.revision + 1 });
  }

  #member(method: string, id: string | undefined, asked: Asked, ifMatch?: string): Answer {
    if (!id) return { status: 200, body: { items: newest(this.members), next: null } };
    const found = this.members.get(id);
    if (!found) return { status: 404, body: "there is no such member" };
    if (method !== "GET" && ifMatch !== `"${found.revision}"`)
      return { status: 412, body: "somebody has changed it since you read it" };
    if (method === "DELETE") return { status: this.members.delete(id) ? 204 : 404 };
    if (method === "PATCH" && asked.role) this.change(id, asked.role);
    return { status: 200, body: this.members.get(id) };
  }

  #read(token?: string): Answer {
    const said = { organization: "Lakeside museum", role: "editor" as const, until: UNTIL };
    const known: Record<string, Invitation> = {
      [INVITED.anew]: { ...said, email: "grace@archive.example", has_account: false },
      [INVITED.known]: { ...said, email: PERSON.email, has_account: true },
    };
    const found = known[token ?? ""];
    return found ? { status: 200, body: found } : { status: 410, body: "the invitation was used" };
  }

  #invite({ email = "", role = "viewer" }: Asked): Answer {
    if ([...this.members.values()].some((one) => one.email === email))
      return { status: 409, body: "they are a member already" };
    this.#number += 1;
    const made = {
      id: `in_${this.#number}`,
      email,
      role,
      by: "us_1",
      created: UNTIL,
      until: UNTIL,
    };
    this.invitations.set(made.id, made);
    const link = `http://127.0.0.1/#invitation=token-${this.#number}`;
    return { status: 201, body: { ...made, link } };
  }
}

/** What bodies of requests about people may hold. */
export interface Asked {
  email?: string;
  password?: string;
  token?: string;
  role?: Role;
  organization?: string;
}

const newest = <Thing>(things: Map<string, Thing>) => [...things.values()].reverse();
