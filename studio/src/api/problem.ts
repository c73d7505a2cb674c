import { t } from "../text";
import type { Problem } from "./things";

/** A request that did not come to its end; its message is one for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code = "",
  ) {
    super(message);
  }
}

/** What an answer that is no success says: the detail of its problem, if it has one. */
export function errorOf(status: number, body: unknown): ApiError {
  const problem = (body ?? {}) as Partial<Problem>;
  if (status === 412) return new ApiError(status, t.errors.changed, problem.code);
  if (status >= 500) return new ApiError(status, t.errors.service, problem.code);
  return new ApiError(status, sentence(problem.detail ?? t.errors.unknown), problem.code);
}

/** What went wrong, in a sentence for people. */
export function said(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  // What fetch throws when there is no line.
  if (error instanceof TypeError) return t.errors.offline;
  return t.errors.unknown;
}

/** Why a file was refused: the service says it of the file, as "is not an image". */
export const refusal = (reason: string): string =>
  sentence(
    /^(is|has|holds|was|cannot|needs) /.test(reason) ? t.photographs.theFile(reason) : reason,
  );

/** The service's details begin small and end without a stop, as lines in a terminal do. */
export function sentence(detail: string): string {
  const text = detail.trim();
  if (!text) return t.errors.unknown;
  const stopped = /[.!?…]$/.test(text) ? text : `${text}.`;
  return stopped.charAt(0).toUpperCase() + stopped.slice(1);
}
