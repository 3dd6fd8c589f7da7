/** A server of others', in a version in which one thing is known to race and in one in which it is mended. */
export interface Subject {
  /** The folder here that holds its start, its document and its deadheat.yaml. */
  readonly name: string;
  /** What is installed: name and exact version; the first is what is asked about. */
  readonly old: readonly string[];
  readonly mended: readonly string[];
  /** What is known of the old version and not of the mended one. */
  readonly known: readonly string[];
}

export const subjects: readonly Subject[] = [
  {
    name: "better-auth",
    old: ["better-auth@1.6.10", "pg@8.23.1"],
    mended: ["better-auth@1.7.25", "pg@8.23.1"],
    known: [
      "single-use-code POST /api/auth/sign-in/email-otp",
      "single-use-code GET /api/auth/magic-link/verify",
    ],
  },
  {
    name: "parse-server",
    old: ["parse-server@9.5.0"],
    mended: ["parse-server@9.10.0"],
    known: ["single-use-code POST /parse/apps/deadheat/request_password_reset"],
  },
];
