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
  /** When it ends, monotonic ms, where the API said so: counted from the answer that gave it. */
  readonly expires?: number;
  /** When that was asked for: it was not issued before. Monotonic ms. */
  readonly asked?: number;
}

/** Times of many tokens are whole seconds (RFC 7519 §2): what is issued so much later differs from what was issued before. */
export const PAST_A_SECOND_MS = 1_100;

export const GARBAGE = "deadheat-not-a-token";

export function present(
  value: string,
  { header, keyword }: Presentation,
  more: Readonly<Record<string, string>> = {},
): Token {
  return { value, headers: { ...more, [header]: keyword === "" ? value : `${keyword} ${value}` } };
}

/**
 * What a header can carry without being read otherwise (RFC 9110 §5.5): more than RFC 6750 §2.1 allows, since there are
 * tokens such as `7|Xk2…`, but no white space and no quotes around it. Throws DeadheatError.
 */
export function assertTokenSyntax(token: string, source: string): void {
  if (/^[!-~]+$/.test(token) && !/^["'`]|["'`]$/.test(token)) return;
  throw new DeadheatError(
    "token-invalid",
    `${source} does not hold a token: it is empty, or there are quotes, blanks or other characters in it`,
    "Check for quotes, line breaks or the word Bearer in it.",
  );
}
