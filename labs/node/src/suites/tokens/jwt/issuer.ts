import { generateKeyPair, type KeyObject, randomBytes, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { type CryptoKey, exportJWK, type JWK, SignJWT } from "jose";

const generate = promisify(generateKeyPair);

/** Two keys, each for one algorithm. Made when the lab starts, and never shown but for the public half. */
export interface JwtKeys {
  readonly secret: Uint8Array;
  readonly publicKey: KeyObject;
  /** Of the identity provider whose tokens are accepted too; in the lab there is none. */
  readonly privateKey: KeyObject;
}

export const SECRET_KEY_ID = "hs-1";
export const PUBLIC_KEY_ID = "rs-1";
export const ISSUER = "https://lab.example";

/** Both halves have the same keys, as two services behind one log-in do. The audience tells them apart. */
export async function generateKeys(): Promise<JwtKeys> {
  const { publicKey, privateKey } = await generate("rsa", { modulusLength: 2048 });
  return { secret: randomBytes(32), publicKey, privateKey };
}

export interface JwtIssuer {
  readonly keys: JwtKeys;
  readonly audience: string;
  /** A token of HS256 that expires after so many seconds. */
  issue(subject: string, lifetimeSeconds: number): Promise<string>;
}

export function jwtIssuer(keys: JwtKeys, audience: string): JwtIssuer {
  return {
    keys,
    audience,
    issue(subject, lifetimeSeconds) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT()
        .setProtectedHeader({ alg: "HS256", kid: SECRET_KEY_ID, typ: "at+jwt" })
        .setIssuer(ISSUER)
        .setSubject(subject)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(keys.secret);
    },
  };
}

/** RFC 7517 §5: what the world may know. */
export async function publicKeys({ publicKey }: JwtKeys): Promise<{ keys: JWK[] }> {
  const jwk = await exportJWK(publicKey as unknown as CryptoKey);
  return { keys: [{ ...jwk, kid: PUBLIC_KEY_ID, alg: "RS256", use: "sig" }] };
}
