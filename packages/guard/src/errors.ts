interface Refusal {
  readonly status: number;
  /** RFC 6750 §3.1. */
  readonly error?: string;
  readonly message: string;
}

/** Everything that the guard refuses: HTTP status, and the words of RFC 6750 §3.1 where it has any. */
const REFUSALS = {
  "missing-token": { status: 401, message: "This operation needs a bearer token." },
  "malformed-authorization": {
    status: 400,
    error: "invalid_request",
    message: "The Authorization header is not of the form: Bearer <token>.",
  },
  // One message for all four reasons: which of them it was is of use to nobody but an attacker.
  "invalid-token": {
    status: 401,
    error: "invalid_token",
    message: "The access token is unknown, malformed, expired or revoked.",
  },
  "insufficient-scope": {
    status: 403,
    error: "insufficient_scope",
    message: "The access token does not cover what this operation needs.",
  },
  "idempotency-key-missing": {
    status: 400,
    message: "This operation needs an Idempotency-Key of 1 to 255 visible characters.",
  },
  "idempotency-key-in-use": {
    status: 409,
    message: "A request with this Idempotency-Key is being worked on.",
  },
  "idempotency-key-reused": {
    status: 422,
    message: "The Idempotency-Key was used for another request.",
  },
  contention: { status: 503, message: "The transaction kept colliding with others. Try again." },
  "deadline-exceeded": { status: 503, message: "It took too long, and nothing of it was done. Try again." },
  "keys-unavailable": {
    status: 503,
    message: "The keys that tokens are verified with cannot be had. Try again.",
  },
  "transaction-aborted": {
    status: 500,
    message: "A statement failed, the handler went on, and the database rolled everything back.",
  },
  "transaction-over": {
    status: 500,
    message: "A statement came after the end of its transaction: something in the handler was not awaited.",
  },
  "commit-unknown": {
    status: 500,
    message: "The connection broke during COMMIT: whether it was done is not known.",
  },
} as const satisfies Record<string, Refusal>;

export type GuardErrorCode = keyof typeof REFUSALS;

export interface GuardErrorOptions extends ErrorOptions {
  /** Default: `api`. */
  readonly realm?: string;
  /** What would have been enough, for `insufficient-scope`. */
  readonly scopes?: readonly string[];
}

/**
 * What the guard refuses, and why. The message is for clients; what went wrong inside is in `cause`, and a token
 * is in neither.
 *
 * @throws nothing
 * @example
 * const error = new GuardError("invalid-token", { realm: "shop" });
 * error.status; // 401
 * error.challenge?.startsWith('Bearer realm="shop", error="invalid_token"'); // true
 */
export class GuardError extends Error {
  override readonly name = "GuardError";
  readonly code: GuardErrorCode;
  /** Of the HTTP answer. */
  readonly status: number;
  /** The value of the `WWW-Authenticate` header, for the answers that must carry one. */
  readonly challenge: string | undefined;

  constructor(code: GuardErrorCode, options: GuardErrorOptions = {}) {
    const refusal: Refusal = REFUSALS[code];
    super(refusal.message, options);
    this.code = code;
    this.status = refusal.status;
    const aboutToken = code === "missing-token" || refusal.error !== undefined;
    this.challenge = aboutToken ? challenge(refusal, options) : undefined;
  }
}

/** RFC 6750 §3.1: a request without any credentials gets no error code. */
function challenge({ error, message }: Refusal, { realm = "api", scopes = [] }: GuardErrorOptions): string {
  const parameters = [`realm=${quotedString(realm)}`];
  if (error !== undefined) parameters.push(`error="${error}"`, `error_description="${message}"`);
  if (scopes.length > 0) parameters.push(`scope=${quotedString(scopes.join(" "))}`);
  return `Bearer ${parameters.join(", ")}`;
}

/** RFC 9110 §5.6.4. What a header cannot hold is left out: a realm is text for humans. */
function quotedString(text: string): string {
  return `"${text.replace(/[^\t\x20-\x7e]/g, "").replace(/["\\]/g, "\\$&")}"`;
}
