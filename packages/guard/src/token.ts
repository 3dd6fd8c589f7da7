import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

const TOKEN_BYTES = 32;
const PREFIX = /^[A-Za-z0-9]{1,16}$/;
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Enough of base 62 for 256 bits, and for 32. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const TOKEN = new RegExp(
  `^([A-Za-z0-9]{1,16})_([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

/**
 * A new opaque token: 256 random bits in base 62 between a prefix, which tells a human or a scanner of leaked secrets
 * what it is, and a CRC-32 of both, which tells it from what only looks like one. With that much entropy an unsalted
 * hash cannot be searched.
 *
 * @throws TypeError where the prefix is not 1 to 16 letters and digits
 * @example
 * opaqueToken("shop"); // "shop_", 43 characters, and 6 of checksum
 */
export function opaqueToken(prefix: string, random: (size: number) => Buffer = randomBytes): string {
  if (!PREFIX.test(prefix)) throw new TypeError("a token prefix is 1 to 16 letters and digits");
  const secret = base62(BigInt(`0x${random(TOKEN_BYTES).toString("hex")}`), SECRET_LENGTH);
  return `${prefix}_${secret}${checksum(prefix, secret)}`;
}

/**
 * Whether the text can be a token with this prefix (default: with any): of its form, and with the right checksum.
 * Tells leaked tokens from other texts, and those of another environment from one's own, without a database.
 *
 * @throws nothing
 * @example
 * isOpaqueToken(opaqueToken("shop"), "shop"); // true
 * isOpaqueToken(opaqueToken("shoptest"), "shop"); // false
 */
export function isOpaqueToken(text: string, prefix?: string): boolean {
  const [, own = "", secret = "", sum] = TOKEN.exec(text) ?? [];
  return sum !== undefined && (prefix === undefined || own === prefix) && checksum(own, secret) === sum;
}

/**
 * What is stored and looked up in place of the token: its SHA-256. A look-up by it takes as long for any guess, since
 * nobody can choose the first bytes of a hash.
 *
 * @throws nothing
 * @example
 * tokenHash("abc").toString("hex").slice(0, 8); // "ba7816bf"
 */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}

/**
 * The key of an advisory lock: 64 bits of a hash, as PostgreSQL's signed bigint. Should two tokens ever share a key,
 * one waits for the other's revocation; nothing worse.
 *
 * @throws RangeError where the hash has less than eight bytes
 * @example
 * lockKey(tokenHash("abc")); // "-5010229573455851542"
 */
export function lockKey(hash: Buffer): string {
  return hash.readBigInt64BE(0).toString();
}

function checksum(prefix: string, secret: string): string {
  return base62(BigInt(crc32(`${prefix}_${secret}`)), CHECKSUM_LENGTH);
}

function base62(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text;
  return text;
}
