import type { VerifiedToken } from "@deadheat/guard";
import { type JWTHeaderParameters, jwtVerify } from "jose";
import { ISSUER, type JwtIssuer, type JwtKeys, PUBLIC_KEY_ID, SECRET_KEY_ID } from "./issuer.ts";

/** The token's word for it chooses among our keys, and each key has one algorithm (RFC 8725 §3.1). */
export function verifier({ keys, audience }: JwtIssuer) {
  return async (token: string): Promise<VerifiedToken | undefined> => {
    try {
      const { payload } = await jwtVerify(token, (header) => keyFor(header, keys), {
        algorithms: ["HS256", "RS256"],
        issuer: ISSUER,
        audience,
        typ: "at+jwt",
        requiredClaims: ["sub", "jti", "exp", "nbf"],
      });
      const { sub, jti, exp } = payload as { sub: string; jti: string; exp: number };
      return { issuer: ISSUER, subject: sub, id: jti, expiresAt: new Date(exp * 1000) };
    } catch {
      return undefined;
    }
  };
}

function keyFor({ kid, alg }: JWTHeaderParameters, keys: JwtKeys) {
  if (kid === SECRET_KEY_ID && alg === "HS256") return keys.secret;
  if (kid === PUBLIC_KEY_ID && alg === "RS256") return keys.publicKey;
  throw new TypeError("no such key for such an algorithm");
}
