import { createHmac, createPublicKey } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SignJWT } from "jose";
import { afterAll, describe, expect, it } from "vitest";
import { type Client, client, PASSWORD } from "../../testing/client.ts";
import { labForTests } from "../../testing/lab.ts";
import { decode } from "./jwt/decode.ts";
import { generateKeys, ISSUER, jwtIssuer, PUBLIC_KEY_ID, SECRET_KEY_ID } from "./jwt/issuer.ts";
import { verifier } from "./jwt/verify.ts";

const THINK = 300;
const lab = await labForTests({ think: THINK, suites: ["tokens"], connections: 8 });
afterAll(() => lab?.stop());
const racy = client(`${lab?.url}/racy`);
const guarded = client(`${lab?.url}/guarded`);

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());

async function token({ call, register }: Client, ttl = 60): Promise<{ jwt: string; access_token: string }> {
  const { username, access_token } = await register();
  const { body } = await call("POST", "/jwt/sessions", { username, password: PASSWORD, ttl });
  return { jwt: body.access_token, access_token };
}

/** Tokens that nobody issued, or not to here, or not for now. */
const FORGERIES: Record<string, (half: Client, other: Client) => Promise<string>> = {
  async "without a signature"(half) {
    const { sub } = claimsOf((await token(half)).jwt);
    return `${part({ alg: "none" })}.${part({ sub })}.`;
  },
  async "signed with the public key as if it were a secret"(half) {
    const { sub } = claimsOf((await token(half)).jwt);
    const [key] = (await half.call("GET", "/.well-known/jwks.json")).body.keys;
    const pem = createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" });
    const text = `${part({ alg: "HS256", kid: key.kid })}.${part({ sub })}`;
    return `${text}.${createHmac("sha256", pem).update(text).digest("base64url")}`;
  },
  async "after its expiry"(half) {
    const { jwt } = await token(half, 1);
    await sleep(claimsOf(jwt).exp * 1000 - Date.now() + 50);
    return jwt;
  },
  async "that was issued to the other half"(half, other) {
    // Users are numbered on each side, so that the same number means somebody on this side too.
    await half.register();
    return (await token(other)).jwt;
  },
  async "after its log-out"(half) {
    const { jwt } = await token(half);
    expect((await half.call("POST", "/jwt/logout", undefined, jwt)).status).toBe(204);
    return jwt;
  },
};

describe.skipIf(!lab)("a JSON Web Token", () => {
  it.each(Object.entries(FORGERIES))("%s: is accepted by the racy half alone", async (_name, forge) => {
    for (let extra = 0; extra < 8; extra++) await racy.register();
    const accepted = await racy.call("GET", "/jwt/profile", undefined, await forge(racy, guarded));
    expect(accepted.status).toBe(200);
    const forged = await forge(guarded, racy);
    for (const [method, path, body] of [
      ["GET", "/jwt/profile"],
      ["POST", "/jwt/profile/score", { score: 1 }],
      ["POST", "/jwt/logout"],
    ] as const) {
      const refused = await guarded.call(method, path, body, forged);
      expect(refused.status, path).toBe(401);
      expect(refused.headers.get("www-authenticate")).toContain('error="invalid_token"');
    }
  });

  it("guarded: a log-out waits for what is in flight, and nothing takes effect after it", async () => {
    const { jwt, access_token } = await token(guarded);
    const score = async () => (await guarded.call("GET", "/profile", undefined, access_token)).body.score;
    const slow = guarded.call("POST", "/jwt/profile/score", { score: 7 }, jwt);
    await sleep(THINK / 2);
    expect((await guarded.call("POST", "/jwt/logout", undefined, jwt)).status).toBe(204);
    const acknowledged = await score();
    const { status } = await slow;
    expect(await score()).toBe(acknowledged);
    expect(acknowledged).toBe(status === 200 ? 7 : 0);
  });

  it("racy: the effect comes after the log-out was acknowledged, as everything does", async () => {
    const { jwt, access_token } = await token(racy);
    await racy.call("POST", "/jwt/logout", undefined, jwt);
    expect((await racy.call("POST", "/jwt/profile/score", { score: 7 }, jwt)).status).toBe(200);
    expect((await racy.call("GET", "/profile", undefined, access_token)).body.score).toBe(7);
  });

  it("of a user who is gone is worth nothing", async () => {
    for (const [half, status] of [
      [racy, 404],
      [guarded, 401],
    ] as const) {
      const { jwt, access_token } = await token(half);
      await half.call("DELETE", "/users/me", undefined, access_token);
      expect((await half.call("GET", "/jwt/profile", undefined, jwt)).status).toBe(status);
      expect((await half.call("POST", "/jwt/profile/score", { score: 1 }, jwt)).status).toBe(status);
    }
  });

  it("nothing secret is among the public keys", async () => {
    for (const half of [racy, guarded]) {
      const { keys } = (await half.call("GET", "/.well-known/jwks.json")).body;
      expect(Object.keys(keys[0]).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
      expect(keys).toHaveLength(1);
    }
  });
});

describe("the two verifications", async () => {
  const keys = await generateKeys();
  const issuer = jwtIssuer(keys, "here");
  const verify = verifier(issuer);
  const now = Math.floor(Date.now() / 1000);
  const good = { iss: ISSUER, aud: "here", sub: "7", jti: "one", nbf: now, exp: now + 60 };
  const sign = (claims: object, header: { alg: string; kid?: string; typ?: string }) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ typ: "at+jwt", ...header })
      .sign(header.alg === "RS256" ? keys.privateKey : keys.secret);
  const HS = { alg: "HS256", kid: SECRET_KEY_ID };
  const RS = { alg: "RS256", kid: PUBLIC_KEY_ID };

  it.each([HS, RS])("agree on a token in order: $alg", async (header) => {
    const text = await sign(good, header);
    expect(await verify(text)).toEqual({
      issuer: ISSUER,
      subject: "7",
      id: "one",
      expiresAt: new Date(good.exp * 1000),
      notBefore: new Date(good.nbf * 1000),
    });
    expect(decode(text, keys)).toEqual({ subject: "7" });
  });

  it.each([
    ["expired", { exp: now - 1 }],
    ["not yet valid", { nbf: now + 60 }],
    ["for somebody else", { aud: "there" }],
    ["by somebody else", { iss: "https://elsewhere.example" }],
    ["without a jti", { jti: undefined }],
    ["without an exp", { exp: undefined }],
    ["without a nbf", { nbf: undefined }],
  ])("differ on one that is %s", async (_what, claims) => {
    const text = await sign({ ...good, ...claims }, HS);
    expect(await verify(text)).toBeUndefined();
    expect(decode(text, keys)).toEqual({ subject: "7" });
  });

  it("differ on a key under another's algorithm, and on another type", async () => {
    const exchanged = await sign(good, { alg: "HS256", kid: PUBLIC_KEY_ID });
    expect(await verify(exchanged)).toBeUndefined();
    expect(await verify(await sign(good, { ...HS, typ: "logout+jwt" }))).toBeUndefined();
  });

  it.each(["", ".", "..", "a.b", "a.b.c", "eyJ9.e30.", `${part({ alg: "HS512" })}.${part({ sub: "7" })}.x`])(
    "agree that %j is none",
    async (text) => {
      expect(await verify(text)).toBeUndefined();
      expect(decode(text, keys)).toBeUndefined();
    },
  );

  it("agree that a broken signature is none", async () => {
    for (const header of [HS, RS]) {
      const [head, , signature] = (await sign(good, header)).split(".");
      const text = `${head}.${part({ ...good, sub: "8" })}.${signature}`;
      expect(await verify(text)).toBeUndefined();
      expect(decode(text, keys)).toBeUndefined();
    }
  });
});
