import { api, body, onSignedOut, speakFor } from "../api/client";
import { ApiError } from "../api/problem";
import type { Session } from "../api/things";

const COOKIE = "photochrom_organization";

interface SetupAsked {
  token: string;
  email: string;
  name: string;
  password: string;
  organization: string;
}

/** Who has signed in. `asked` is false until the service has said so. */
class SessionState {
  current = $state.raw<Session | null>(null);
  asked = $state(false);
  expired = $state(false);
  failure = $state.raw<unknown>(null);
  #chosen = $state<string | null>(null);
  /** The organization whose things are shown. */
  place = $derived(
    this.current?.organizations.find((one) => one.organization === this.#chosen) ??
      this.current?.organizations[0] ??
      null,
  );
  mayEdit = $derived(this.place?.permissions.includes("edit") ?? false);

  constructor() {
    onSignedOut(() => {
      this.expired = this.current !== null;
      this.#take(null);
    });
  }

  /** Asks the service who this browser belongs to. */
  async load(): Promise<void> {
    this.failure = null;
    try {
      this.#take(await body(api.GET("/v1/session")));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#take(null);
      else this.failure = error;
    }
    this.asked = true;
  }

  async signIn(email: string, password: string): Promise<void> {
    this.#take(await body(api.POST("/v1/session", { body: { email, password } })));
  }

  async setUp(asked: SetupAsked): Promise<void> {
    this.#take(await body(api.POST("/v1/setup", { body: asked })));
    this.asked = true;
  }

  async setPassword(token: string, password: string): Promise<void> {
    this.#take(await body(api.POST("/v1/reset", { body: { token, password } })));
    this.asked = true;
  }

  async accept(token: string, name: string, password: string): Promise<void> {
    this.#take(await body(api.POST("/v1/invitation/accept", { body: { token, name, password } })));
    this.asked = true;
  }

  /** Takes a place in another organization. */
  async join(token: string): Promise<void> {
    await body(api.POST("/v1/invitation/join", { body: { token } }));
    await this.load();
  }

  /** Leaves nothing behind: what is still being read for whoever leaves ends with the page. */
  async signOut(): Promise<void> {
    await body(api.DELETE("/v1/session"));
    location.assign("/");
  }

  /** Shows the things of another organization, from the first page on. */
  choose(organization: string): void {
    remember(organization);
    location.assign("/");
  }

  #take(session: Session | null): void {
    const memberships = session?.organizations ?? [];
    const ids = memberships.map((one) => one.organization);
    const remembered = cookie();
    this.#chosen = remembered && ids.includes(remembered) ? remembered : (ids[0] ?? null);
    const needed = ids.length > 1 ? this.#chosen : null;
    // Signed out, nobody knows whether there are several.
    if (session) remember(needed);
    speakFor(session?.csrf ?? "", needed ?? "");
    if (session) this.expired = false;
    this.current = session;
  }
}

/** Pictures, films and streams are asked for without headers: for them the choice is in a cookie. */
function remember(organization: string | null): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = organization ? 31_536_000 : 0;
  document.cookie = `${COOKIE}=${organization ?? ""}; Path=/; SameSite=Lax; Max-Age=${age}${secure}`;
}

function cookie(): string | undefined {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  return found?.slice(COOKIE.length + 1);
}

export const session = new SessionState();
