/** Everything that can keep the lab from running, and what to do about it. */
const HINTS = {
  "missing-packages":
    "As root on Debian the lab installs them itself; elsewhere name a Python that has them.",
  "install-failed": "Run the same apt-get command by hand to see what is wrong.",
  "old-django": "The lab needs Django 3.2 or newer: name another Python with --python.",
  "port-taken": "Choose another port, or leave the option out for a free one.",
  "no-postgres": "Install PostgreSQL 13 or newer (its initdb on the PATH), or set DATABASE_URL.",
  "start-failed": "Run again with --log to see what the server said.",
  interrupted: "The start was called off before the lab was ready.",
} as const;

export type LabErrorCode = keyof typeof HINTS;

export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: LabErrorCode;
  readonly hint: string;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, options);
    this.code = code;
    this.hint = options?.hint ?? HINTS[code];
  }
}

export function isLabErrorCode(code: unknown): code is LabErrorCode {
  return typeof code === "string" && code in HINTS;
}
