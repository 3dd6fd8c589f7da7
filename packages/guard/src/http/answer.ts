import { GuardError } from "../errors.ts";

/** An HTTP answer, for any framework. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text; empty where there is none. */
  readonly body: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  409: "Conflict",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
const RETRY_AFTER_SECONDS = "1";

/**
 * What to answer to a `GuardError`: its status, its challenge (RFC 6750 §3) and problem details (RFC 9457). Undefined for
 * any other error.
 *
 * @throws nothing
 * @example
 * problemAnswer(new GuardError("missing-token"))?.headers["www-authenticate"]; // 'Bearer realm="api"'
 * problemAnswer(new Error("another one")); // undefined
 */
export function problemAnswer(error: unknown): Answer | undefined {
  if (!(error instanceof GuardError)) return undefined;
  const { status, code, challenge, message } = error;
  // What went wrong inside is for the log, not for the client.
  const detail = status === 500 ? "The request could not be completed." : message;
  const problem = { type: "about:blank", title: TITLES[status] ?? "Error", status, detail, code };
  return {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
      ...(status === 503 ? { "retry-after": RETRY_AFTER_SECONDS } : {}),
    },
    body: JSON.stringify(problem),
  };
}

/** JSON that nobody may keep: it is about tokens. */
export function jsonAnswer(status: number, value: object, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      pragma: "no-cache",
      ...headers,
    },
    body: JSON.stringify(value),
  };
}
