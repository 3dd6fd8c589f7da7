import { createHmac, randomBytes } from "node:crypto";
import { secrets } from "./api.ts";

const key = randomBytes(32);

/**
 * A JSON Web Token as many sign it: times in whole seconds and no `jti`, so that two of one second are the same text.
 * `lifeMs` counts from now.
 */
export function webToken(claims: object, lifeMs = 900_000): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + Math.ceil(lifeMs / 1000);
  const input = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...claims, iat, exp })}`;
  const token = `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
  secrets.add(token);
  return token;
}

/** When it ends, as it says itself; ms since 1970. */
export function expiryOf(token: string): number {
  const [, claims = ""] = token.split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString()).exp * 1000;
}
