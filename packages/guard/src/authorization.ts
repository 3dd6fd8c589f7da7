import { GuardError } from "./errors.ts";

/** RFC 6750 §2.1: the scheme in any case, then one b64token. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** The value of an `Authorization` header, as node:http gives it. */
export type AuthorizationHeader = string | readonly string[] | undefined;

/** The token in the header. Whether it is any good is not looked at. */
export function bearerToken(header: AuthorizationHeader, realm?: string): string {
  const options = realm === undefined ? {} : { realm };
  // Two headers are two claims about who is asking; choosing one is how confusions begin.
  if (header !== undefined && typeof header !== "string") {
    throw new GuardError("malformed-authorization", options);
  }
  const value = header?.trim() ?? "";
  if (!/^bearer( |$)/i.test(value)) throw new GuardError("missing-token", options);
  const token = BEARER.exec(value)?.[1];
  if (token === undefined) throw new GuardError("malformed-authorization", options);
  return token;
}
