/** What keeps the lab from starting, and what to do about it. */
const HINTS = {
  "port-in-use": "Choose another with --port, or leave the option away and get a free one.",
  "port-forbidden": "Choose one above 1023 with --port, or leave the option away and get a free one.",
  "too-many-connections": "Lower --connections, or raise max_connections on the server of DATABASE_URL.",
} as const;

export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: keyof typeof HINTS;
  readonly hint: string;

  constructor(code: keyof typeof HINTS, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = HINTS[code];
  }
}
