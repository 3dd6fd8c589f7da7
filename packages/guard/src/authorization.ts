import { GuardError } from "./errors.ts";

/** RFC 6750 §2.1: the scheme in any case, then one b64token. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
/** The scheme, up to whatever cannot be part of one (RFC 9110 §5.6.2). */
const SCHEME = /^bearer(?![!#$%&'*+.^_`|~0-9A-Za-z-])/i;
/** What node:http lets in at most, all headers together. */
const LONGEST = 16_384;

/** The value of an `Authorization` header, as node:http gives it. */
export type AuthorizationHeader = string | readonly string[] | undefined;

/**
 * The token in the header. Whether it is any good is not looked at.
 *
 * @throws GuardError `missing-token` (401) where there is no header or one of another scheme,
 *   `malformed-authorization` (400) where there are two, or what follows `Bearer` is not one token (RFC 6750 §3.1)
 * @example
 * bearerToken("Bearer abc"); // "abc"
 */
export function bearerToken(header: AuthorizationHeader, realm?: string): string {
  const options = realm === undefined ? {} : { realm };
  const malformed = () => new GuardError("malformed-authorization", options);
  // Two headers are two claims about who is asking; choosing one is how confusions begin.
  if (Array.isArray(header) && header.length > 1) throw malformed();
  const value = (Array.isArray(header) ? header[0] : header) ?? "";
  // Before anything that looks at each character of it.
  if (value.length > LONGEST) throw malformed();
  const trimmed = value.replace(/^[ \t]+|[ \t]+$/g, "");
  if (!SCHEME.test(trimmed)) throw new GuardError("missing-token", options);
  const token = BEARER.exec(trimmed)?.[1];
  if (token === undefined) throw malformed();
  return token;
}
