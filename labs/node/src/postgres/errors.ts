/** Everything that can go wrong with the throw-away server, and what to do about it. */
const HINTS = {
  "no-postgres":
    "Install PostgreSQL 13 or newer (its initdb on the PATH), set DATABASE_URL, or reinstall with optional dependencies (npm ci --include=optional).",
  "database-url":
    "Check DATABASE_URL: the server must be reachable and the role must be allowed to create databases.",
  "start-failed": "Run again with the server's log in view (onLog) to see what PostgreSQL said.",
  interrupted: "The start was called off before the server was ready.",
} as const;

export type PostgresErrorCode = keyof typeof HINTS;

export class PostgresError extends Error {
  override readonly name = "PostgresError";
  readonly code: PostgresErrorCode;
  readonly hint: string;

  constructor(code: PostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = HINTS[code];
  }
}
