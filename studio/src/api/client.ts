import createClient, { type Middleware } from "openapi-fetch";

import { ApiError, errorOf } from "./problem";
import type { paths } from "./schema";

export const CSRF_HEADER = "X-CSRF-Token";
export const ORGANIZATION_HEADER = "Photochrom-Organization";

let csrf = "";
let organization = "";
let signedOut = () => {};

/** Remembers who has signed in, for all requests that follow. */
export function speakFor(token: string, forOrganization = ""): void {
  csrf = token;
  organization = forOrganization;
}

/** Says what happens when the service no longer knows who asks. */
export function onSignedOut(then: () => void): void {
  signedOut = then;
}

/** What requests carry beside the cookie; also those that do not go through the client. */
export function headers(): Record<string, string> {
  return {
    ...(csrf ? { [CSRF_HEADER]: csrf } : {}),
    ...(organization ? { [ORGANIZATION_HEADER]: organization } : {}),
  };
}

const identity: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(headers())) request.headers.set(name, value);
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== "/v1/session") signedOut();
    return response;
  },
};

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  // Asked for anew each time, so that tests can stand in for it.
  fetch: (request) => globalThis.fetch(request),
});
api.use(identity);

/** That a request is about a thing as it was read: if somebody has changed it since, nothing is done. */
export const ifStill = ({ revision }: { revision: number }) => ({ "If-Match": `"${revision}"` });

/** The body of an answer, or an ApiError. */
export async function body<Body>(
  answer: Promise<{ data?: Body; error?: unknown; response: Response }>,
): Promise<Body> {
  const { data, error, response } = await answer;
  if (!response.ok) throw errorOf(response.status, error);
  if (data === undefined && response.status !== 204) throw new ApiError(response.status, "");
  return data as Body;
}
