import type { KeyObject } from "node:crypto";
import {
  type CryptoKey,
  createRemoteJWKSet,
  errors,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";
import { GuardError } from "./errors.ts";
import type { VerifiedToken, Verify } from "./jwt.ts";

export interface JoseOptions {
  /**
   * One key, a function that finds it, or where the issuer's key set is (RFC 7517): fetched when it is needed, kept for
   * ten minutes, and fetched again for a key that is not in it, so that keys can rotate.
   */
  readonly keys: CryptoKey | KeyObject | Uint8Array | JWK | URL | JWTVerifyGetKey;
  /** Those that the issuer signs with, and no others (RFC 8725 §3.1). */
  readonly algorithms: readonly string[];
  /** How long after a key set was fetched no unknown key has it fetched again. Default: 30. */
  readonly cooldownSeconds?: number;
  readonly issuer: string;
  readonly audience: string;
  /** By how many seconds `exp` may be over and `nbf` not yet there. Default: 0. */
  readonly leewaySeconds?: number;
  /** The header `typ`, which tells an access token from others of the issuer (RFC 9068). Default: `at+jwt`. */
  readonly typ?: string;
  /** The claim that holds what `JwtTokens.epoch` said. Default: none, and `iat` is looked at. */
  readonly epochClaim?: string;
  /** Default: this machine's. The database's clock is asked as well, and either may refuse. */
  readonly now?: () => Date;
}

const REQUIRED = ["iss", "sub", "aud", "exp", "nbf", "jti"];

/**
 * A verifier for `jwtTokens` that is jose's: algorithms are pinned, and `iss`, `sub`, `aud`, `exp`, `nbf` and `jti` must
 * all be there.
 *
 * @throws TypeError without algorithms, with `none`, or with a negative leeway. The verifier throws GuardError
 *   `keys-unavailable` (503) where a key set cannot be fetched: whether the token is good is not known then
 * @example
 * const keys = new URL("https://id.example/.well-known/jwks.json");
 * const verify = joseVerifier({ keys, algorithms: ["ES256"], issuer: "https://id.example", audience: "shop" });
 * const tokens = jwtTokens({ verify });
 */
export function joseVerifier(options: JoseOptions): Verify {
  const { algorithms, issuer, audience, typ = "at+jwt", leewaySeconds = 0, epochClaim } = options;
  if (algorithms.length === 0 || algorithms.includes("none"))
    throw new TypeError("name the algorithms that are signed with");
  if (!(leewaySeconds >= 0)) throw new TypeError("a leeway is not negative");
  const keyFor = getKey(options);
  const fixed = { algorithms: [...algorithms], issuer, audience, typ, clockTolerance: leewaySeconds };

  async function verify(token: string): Promise<VerifiedToken | undefined> {
    try {
      const now = options.now ? { currentDate: options.now() } : {};
      const { payload } = await jwtVerify(token, keyFor, { ...fixed, ...now, requiredClaims: REQUIRED });
      return verifiedToken(payload, issuer, epochClaim);
    } catch (error) {
      if (error instanceof GuardError) throw error;
      return undefined;
    }
  }
  return Object.assign(verify, { leewaySeconds });
}

function getKey({ keys, cooldownSeconds = 30 }: JoseOptions): JWTVerifyGetKey {
  if (typeof keys === "function") return keys;
  if (!(keys instanceof URL)) return async () => keys;
  const remote = createRemoteJWKSet(keys, { cooldownDuration: cooldownSeconds * 1000 });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (ABOUT_THE_TOKEN.some((type) => error instanceof type)) throw error;
      throw new GuardError("keys-unavailable", { cause: error });
    }
  };
}

const ABOUT_THE_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

function verifiedToken(payload: JWTPayload, issuer: string, epochClaim?: string): VerifiedToken | undefined {
  const { sub, jti, exp, nbf, iat, scope } = payload;
  if (typeof sub !== "string" || typeof jti !== "string" || exp === undefined || nbf === undefined)
    return undefined;
  const epoch = epochClaim === undefined ? undefined : payload[epochClaim];
  // The claim is what revocations go by: a token without it is none of ours.
  if (epochClaim !== undefined && typeof epoch !== "number") return undefined;
  return {
    issuer,
    subject: sub,
    id: jti,
    expiresAt: new Date(exp * 1000),
    notBefore: new Date(nbf * 1000),
    ...(iat === undefined ? {} : { issuedAt: new Date(iat * 1000) }),
    ...(typeof epoch === "number" ? { epoch } : {}),
    ...(typeof scope === "string" ? { scopes: scope.split(" ").filter(Boolean) } : {}),
  };
}
