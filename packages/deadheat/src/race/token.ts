import { DeadheatError } from "../errors.ts";

/** How a credential travels: which header, and the word before it (`Bearer`, DRF's `Token`, or none). */
export interface Presentation {
  /** Lower case. */
  readonly header: string;
  readonly keyword: string;
}

/** A credential as it is sent. */
export interface Token {
  readonly value: string;
  /** What a request under this token carries. */
  readonly headers: Readonly<Record<string, string>>;
  /** The refresh token that was issued with it, where there was one. */
  readonly refresh?: string;
  /** When it ends, monotonic ms, where the API said so. */
  readonly expires?: number;
}

export const GARBAGE = "deadheat-not-a-token";

export function present(
  value: string,
  { header, keyword }: Presentation,
  more: Readonly<Record<string, string>> = {},
): Token {
  return { value, headers: { ...more, [header]: keyword === "" ? value : `${keyword} ${value}` } };
}

/** RFC 6750 §2.1: b68token. Anything else cannot be sent in a header. */
export function assertTokenSyntax(token: string, source: string): void {
  if (/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) return;
  throw new DeadheatError(
    "token-invalid",
    `${source} does not hold a bearer token (RFC 6750 §2.1 allows letters, digits and -._~+/=)`,
    "Check for quotes, line breaks or the word Bearer in it.",
  );
}
