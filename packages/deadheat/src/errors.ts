/** One table: what can go wrong at the user's end, and how the program leaves. DESIGN §11. */
const EXIT = {
  usage: 2,
  "document-missing": 2,
  "document-unreadable": 2,
  "document-not-openapi": 2,
  "target-invalid": 2,
  "target-not-allowed": 2,
  "target-unreachable": 2,
  "network-invalid": 2,
  "token-rejected": 2,
  "token-invalid": 2,
  "login-failed": 2,
  "recipe-unmatched": 2,
  "token-owner": 2,
  "witness-invalid": 2,
  "lab-unavailable": 2,
  "report-unwritable": 2,
  "report-invalid": 2,
  "baseline-invalid": 2,
  "history-invalid": 2,
  "config-missing": 2,
  "config-invalid": 2,
  "scenario-missing": 2,
  "scenario-invalid": 2,
  "scenario-failed": 2,
  "secret-missing": 2,
  "mail-unavailable": 2,
  "project-not-started": 3,
  "database-invalid": 2,
  "database-unreachable": 2,
  "database-unseen": 2,
  "output-exists": 2,
  "output-unwritable": 2,
  interrupted: 130,
} as const;

export type ErrorCode = keyof typeof EXIT;

/** An error that a user can do something about: one message, one hint, no stack trace. */
export class DeadheatError extends Error {
  override readonly name = "DeadheatError";
  readonly code: ErrorCode;
  /** What to do about it, as one sentence. */
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }

  get exitCode(): number {
    return EXIT[this.code];
  }
}
