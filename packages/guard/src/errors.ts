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
  contention: { status: 503, message: "The transaction kept colliding with others. Try again." },
  "transaction-aborted": {
    status: 500,
    message: "A statement failed, the handler went on, and the database rolled everything back.",
  },
} as const satisfies Record<string, { status: number; error?: string; message: string }>;

export type GuardErrorCode = keyof typeof REFUSALS;

export class GuardError extends Error {
  override readonly name = "GuardError";
  readonly code: GuardErrorCode;
  readonly status: number;
  /** The value of the `WWW-Authenticate` header, for the answers that must carry one. */
  readonly challenge: string | undefined;

  constructor(code: GuardErrorCode, options?: ErrorOptions & { realm?: string }) {
    const refusal: { status: number; error?: string; message: string } = REFUSALS[code];
    super(refusal.message, options);
    this.code = code;
    this.status = refusal.status;
    this.challenge = refusal.status < 500 ? challenge(refusal, options?.realm ?? "api") : undefined;
  }
}

/** RFC 6750 §3.1: a request without any credentials gets no error code. */
function challenge({ error, message }: { error?: string; message: string }, realm: string): string {
  const parameters = [`realm="${realm.replace(/["\\]/g, "\\$&")}"`];
  if (error !== undefined) parameters.push(`error="${error}"`, `error_description="${message}"`);
  return `Bearer ${parameters.join(", ")}`;
}
