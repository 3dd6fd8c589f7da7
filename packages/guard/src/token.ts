import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;
const PREFIX = /^[A-Za-z0-9]{1,16}$/;

/**
 * A new opaque token: 256 random bits behind a prefix that tells a human, or a scanner of leaked
 * secrets, what it is. With that much entropy an unsalted hash cannot be searched.
 */
export function opaqueToken(prefix: string, random: (size: number) => Buffer = randomBytes): string {
  if (!PREFIX.test(prefix)) throw new TypeError("a token prefix is 1 to 16 letters and digits");
  return `${prefix}_${random(TOKEN_BYTES).toString("base64url")}`;
}

/** What is stored and looked up in place of the token. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}

/**
 * The key of the token's advisory lock: 64 bits of its hash, as PostgreSQL's signed bigint. Should
 * two tokens ever share a key, one waits for the other's revocation; nothing worse.
 */
export function lockKey(hash: Buffer): string {
  return hash.readBigInt64BE(0).toString();
}
