// One file on its way, by the tus protocol. The library is loaded with the first file.
import type { DetailedError, Upload } from "tus-js-client";

import { headers } from "../api/client";
import { errorOf, sentence } from "../api/problem";
import { t } from "../text";

export const ENDPOINT = "/v1/uploads";

/** Why a file does not go on: the line (it is tried again), or something that trying does not mend. */
export type Trouble =
  { kind: "line"; wait: number } | { kind: "gone" } | { kind: "refused"; reason: string };

export interface Sending {
  /** Stops; `forGood` also tells the service to forget what it has. */
  stop(forGood: boolean): Promise<void>;
}

export interface Hooks {
  url: (url: string) => void;
  sent: (bytes: number) => void;
  done: () => void;
  trouble: (trouble: Trouble) => void;
}

/** Sends a file, or what is missing of it at `url`. */
export async function send(file: File, url: string | null, hooks: Hooks): Promise<Sending> {
  const { Upload: TusUpload } = await import("tus-js-client");
  const upload: Upload = new TusUpload(file, {
    // With both, the library would begin anew whenever the service does not let it go on.
    ...(url ? { uploadUrl: url } : { endpoint: ENDPOINT }),
    metadata: { filename: file.name },
    // Who remembers what, and how long to wait, is decided by the queue.
    storeFingerprintForResuming: false,
    retryDelays: null,
    onBeforeRequest: (request) => {
      for (const [name, value] of Object.entries(headers())) request.setHeader(name, value);
    },
    onUploadUrlAvailable: () => hooks.url(upload.url ?? ""),
    onProgress: (bytes) => hooks.sent(bytes),
    onSuccess: () => hooks.done(),
    onError: (error) => hooks.trouble(troubleOf(error)),
  });
  upload.start();
  return { stop: (forGood) => upload.abort(forGood) };
}

/** What an error of the library means for what is to be done. */
export function troubleOf(error: Error | DetailedError): Trouble {
  const response = "originalResponse" in error ? error.originalResponse : null;
  if (!("originalResponse" in error)) return { kind: "refused", reason: sentence(error.message) };
  const status = response?.getStatus() ?? 0;
  if (status === 404 || status === 410) return { kind: "gone" };
  // No answer, an answer that says "later", somebody else at the same upload (another tab, or what is
  // left of a request whose line was cut), or a sign-in that has ended.
  if (status === 0 || status >= 500 || [401, 408, 409, 423, 425, 429].includes(status))
    return { kind: "line", wait: Number(response?.getHeader("Retry-After")) * 1000 || 0 };
  return { kind: "refused", reason: reasonOf(status, response?.getBody() ?? "") };
}

function reasonOf(status: number, text: string): string {
  if (status === 413) return t.upload.tooLarge;
  try {
    return errorOf(status, JSON.parse(text)).message;
  } catch (error) {
    if (error instanceof SyntaxError) return t.errors.unknown;
    throw error;
  }
}
