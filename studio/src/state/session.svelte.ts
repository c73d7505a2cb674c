import { api, body, onSignedOut, speakFor } from "../api/client";
import { ApiError } from "../api/problem";
import type { Session } from "../api/things";

/** Who has signed in. `asked` is false until the service has said so. */
class SessionState {
  current = $state.raw<Session | null>(null);
  asked = $state(false);
  expired = $state(false);
  failure = $state.raw<unknown>(null);

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

  async setUp(asked: {
    token: string;
    email: string;
    name: string;
    password: string;
    organization: string;
  }): Promise<void> {
    this.#take(await body(api.POST("/v1/setup", { body: asked })));
    this.asked = true;
  }

  async signOut(): Promise<void> {
    await body(api.DELETE("/v1/session"));
    this.#take(null);
  }

  #take(session: Session | null): void {
    const memberships = session?.organizations ?? [];
    const organization = memberships.length > 1 ? memberships[0]?.organization : "";
    speakFor(session?.csrf ?? "", organization);
    if (session) this.expired = false;
    this.current = session;
  }
}

export const session = new SessionState();
