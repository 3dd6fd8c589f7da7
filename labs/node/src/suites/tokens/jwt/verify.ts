import type { Verify } from "@deadheat/guard";
import { joseVerifier } from "@deadheat/guard/jose";
import type { JWTHeaderParameters } from "jose";
import { ISSUER, type JwtIssuer, type JwtKeys, PUBLIC_KEY_ID, SECRET_KEY_ID } from "./issuer.ts";

/** The token's word for it chooses among our keys, and each key has one algorithm (RFC 8725 §3.1). */
export function verifier({ keys, audience }: JwtIssuer): Verify {
  return joseVerifier({
    keys: async (header) => keyFor(header, keys),
    algorithms: ["HS256", "RS256"],
    issuer: ISSUER,
    audience,
  });
}

function keyFor({ kid, alg }: JWTHeaderParameters, keys: JwtKeys) {
  if (kid === SECRET_KEY_ID && alg === "HS256") return keys.secret;
  if (kid === PUBLIC_KEY_ID && alg === "RS256") return keys.publicKey;
  throw new TypeError("no such key for such an algorithm");
}
