import { api, body, onSignedOut, speakFor } from "../api/client";
import { ApiError } from "../api/problem";
import type { Session } from "../api/things";

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
  /** The organization whose things are shown. */
  place = $derived(
    this.current?.organizations.find((one) => one.organization === this.current?.organization) ??
      null,
  );
  mayEdit = $derived(this.place?.permissions.includes("edit") ?? false);
  mayManage = $derived(this.place?.permissions.includes("manage") ?? false);

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
      await this.#enter(body(api.GET("/v1/session")));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#take(null);
      else this.failure = error;
    }
    this.asked = true;
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.#enter(body(api.POST("/v1/session", { body: { email, password } })));
  }

  async setUp(asked: SetupAsked): Promise<void> {
    await this.#enter(body(api.POST("/v1/setup", { body: asked })));
    this.asked = true;
  }

  async setPassword(token: string, password: string): Promise<void> {
    await this.#enter(body(api.POST("/v1/reset", { body: { token, password } })));
    this.asked = true;
  }

  async accept(token: string, name: string, password: string): Promise<void> {
    const asked = { token, name, password };
    await this.#enter(body(api.POST("/v1/invitation/accept", { body: asked })));
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
  async choose(organization: string): Promise<void> {
    await body(api.PUT("/v1/session/organization", { body: { organization } }));
    location.assign("/");
  }

  /** Gives one's own place up. */
  async leave(): Promise<void> {
    await body(api.DELETE("/v1/membership"));
    location.assign("/");
  }

  /** Takes a sign-in. Pictures, films and streams are asked for by address alone, so that the service must
   * know for which organization this browser asks. */
  async #enter(asked: Promise<Session>): Promise<void> {
    let session = await asked;
    const [first] = session.organizations;
    if (first && !session.organization) {
      speakFor(session.csrf);
      const chosen = { organization: first.organization };
      session = await body(api.PUT("/v1/session/organization", { body: chosen }));
    }
    this.#take(session);
  }

  #take(session: Session | null): void {
    const isOneOfSeveral = (session?.organizations.length ?? 0) > 1;
    // Said with each request, too: another window may have gone to another organization meanwhile.
    speakFor(session?.csrf ?? "", (isOneOfSeveral && session?.organization) || "");
    if (session) this.expired = false;
    this.current = session;
  }
}

export const session = new SessionState();
