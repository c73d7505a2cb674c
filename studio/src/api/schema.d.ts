/**
 * What the service's API looks like. Written by hand in the form that `npm run api` (openapi-typescript)
 * gives, until openapi.json holds all of these routes; then it is generated, and nothing else changes.
 */

type Json<Body> = { content: { "application/json": Body } };
type Failing = { default: { content: { "application/problem+json": components["schemas"]["Problem"] } } };
type Answers<Status extends number, Body> = { [status in Status]: Json<Body> } & Failing;
type Nothing = { 204: { content?: never } } & Failing;
type Asked = { query?: { limit?: number; after?: string } };
type ById = { parameters: { path: { id: string } } };

export interface paths {
  "/v1/session": {
    get: { responses: Answers<200, components["schemas"]["Session"]> };
    post: {
      requestBody: Json<components["schemas"]["SignInAsked"]>;
      responses: Answers<201, components["schemas"]["Session"]>;
    };
    delete: { responses: Nothing };
  };
  "/v1/setup": {
    post: {
      requestBody: Json<components["schemas"]["SetupAsked"]>;
      responses: Answers<201, components["schemas"]["Session"]>;
    };
  };
  "/v1/photographs": {
    get: {
      parameters: { query?: Asked["query"] & { state?: string; collection?: string } };
      responses: Answers<200, components["schemas"]["Page_Photograph_"]>;
    };
  };
  "/v1/photographs/{id}": {
    get: ById & { responses: Answers<200, components["schemas"]["Photograph"]> };
  };
  "/v1/restorations": {
    get: {
      parameters: { query?: Asked["query"] & { photograph?: string } };
      responses: Answers<200, components["schemas"]["Page_Restoration_"]>;
    };
    post: {
      requestBody: Json<components["schemas"]["RestorationAsked"]>;
      responses: Answers<201, components["schemas"]["Restoration"]>;
    };
  };
  "/v1/restorations/{id}": {
    get: ById & { responses: Answers<200, components["schemas"]["Restoration"]> };
  };
  "/v1/jobs": {
    get: {
      parameters: Asked;
      responses: Answers<200, components["schemas"]["Page_Job_"]>;
    };
  };
  "/v1/jobs/{id}": { get: ById & { responses: Answers<200, components["schemas"]["Job"]> } };
  "/v1/jobs/{id}/pause": { post: ById & { responses: Answers<200, components["schemas"]["Job"]> } };
  "/v1/jobs/{id}/resume": { post: ById & { responses: Answers<200, components["schemas"]["Job"]> } };
  "/v1/jobs/{id}/cancel": { post: ById & { responses: Answers<200, components["schemas"]["Job"]> } };
  "/v1/jobs/{id}/retry": { post: ById & { responses: Answers<200, components["schemas"]["Job"]> } };
  "/v1/productions": {
    post: {
      requestBody: Json<components["schemas"]["ProductionAsked"]>;
      responses: Answers<201, components["schemas"]["Production"]>;
    };
  };
  "/v1/films": {
    get: {
      parameters: Asked;
      responses: Answers<200, components["schemas"]["Page_Film_"]>;
    };
    post: {
      requestBody: Json<components["schemas"]["FilmAsked"]>;
      responses: Answers<201, components["schemas"]["Film"]>;
    };
  };
  "/v1/films/{id}": { get: ById & { responses: Answers<200, components["schemas"]["Film"]> } };
  "/v1/recipes": { get: { responses: Answers<200, components["schemas"]["Recipe"][]> } };
  "/v1/emulsions": { get: { responses: Answers<200, components["schemas"]["Emulsion"][]> } };
}

export interface components {
  schemas: {
    Problem: {
      status: number;
      code: string;
      title: string;
      detail: string;
      request: string;
      faults: { where: string; what: string }[];
    };
    SignInAsked: { email: string; password: string };
    SetupAsked: {
      token: string;
      email: string;
      name: string;
      password: string;
      organization: string;
    };
    Membership: { organization: string; name: string; role: string; permissions: string[] };
    Session: {
      user: string;
      email: string;
      name: string;
      csrf: string;
      until: string;
      organizations: components["schemas"]["Membership"][];
    };
    Photograph: {
      id: string;
      name: string;
      state: "received" | "ready" | "refused";
      reason: string | null;
      width: number | null;
      height: number | null;
      size: number;
      sha256: string;
      title: string | null;
      caption: string | null;
      date: string | null;
      created: string;
      thumbnail: string | null;
      preview: string | null;
    };
    Page_Photograph_: { items: components["schemas"]["Photograph"][]; next: string | null };
    Result: {
      id: string;
      kind: string;
      name: string;
      media_type: string;
      size: number;
      url: string;
    };
    RestorationItem: {
      photograph: string;
      state: "waiting" | "working" | "done" | "failed";
      reason: string | null;
      results: components["schemas"]["Result"][];
    };
    RestorationAsked: {
      photographs: string[];
      recipe: string;
      emulsion?: string;
      format?: string;
    };
    Restoration: {
      id: string;
      job: string;
      recipe: string;
      items: components["schemas"]["RestorationItem"][];
    };
    Page_Restoration_: { items: components["schemas"]["Restoration"][]; next: string | null };
    Job: {
      id: string;
      kind: string;
      state: "queued" | "running" | "paused" | "succeeded" | "failed" | "cancelled";
      done: number;
      total: number;
      failed: number;
      message: string | null;
    };
    Page_Job_: { items: components["schemas"]["Job"][]; next: string | null };
    ProductionAsked: { title: string; toml?: string; photographs?: string[]; seconds?: number };
    Production: { id: string; title: string };
    FilmAsked: { production: string };
    Film: {
      id: string;
      job: string;
      title: string;
      state: string;
      results: components["schemas"]["Result"][];
    };
    Page_Film_: { items: components["schemas"]["Film"][]; next: string | null };
    Recipe: { name: string; title: string; description: string };
    Emulsion: { name: string; title: string; description: string };
  };
}
