import { randomBytes } from "node:crypto";
import { SignJWT } from "jose";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../labs/node/src/testing/postgres.ts";
import type { AuthorizationHeader } from "./authorization.ts";
import { createGuard, type Guard } from "./guard.ts";
import { problemAnswer } from "./http/answer.ts";
import { joseVerifier } from "./jose.ts";
import { jwtTokens } from "./jwt.ts";
import { opaqueTokens } from "./tokens.ts";

const server = await postgresForTests();
const pool = new pg.Pool({ connectionString: server?.url, max: 5 });
pool.on("error", () => {});
const schema = "bad_input_test";
const tokens = opaqueTokens({ schema, prefix: "shop" });
const otherEnvironment = opaqueTokens({ schema, prefix: "shoptest" });
const opaque = createGuard({ pool, tokens, realm: "shop" });

const LEEWAY = 5;
const secret = randomBytes(32);
const fixed = {
  keys: secret,
  algorithms: ["HS256"],
  issuer: "https://id.example",
  audience: "shop",
  leewaySeconds: LEEWAY,
};
/** A guard on a machine whose clock is off by so many seconds; the database's is not. */
const web = (off = 0): Guard => {
  const now = () => new Date(Date.now() + off * 1000);
  return createGuard({
    pool,
    tokens: jwtTokens({ schema, verify: joseVerifier({ ...fixed, now }) }),
    realm: "shop",
  });
};

type Claims = Record<string, unknown>;
const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;
let made = 0;
async function jwt(claims: Claims = {}, header: object = {}, key: Uint8Array = secret): Promise<string> {
  const all = {
    iss: "https://id.example",
    aud: "shop",
    sub: "ada",
    jti: `t${++made}`,
    nbf: seconds(-60),
    exp: seconds(60),
  };
  const given = Object.fromEntries(
    Object.entries({ ...all, ...claims }).filter(([, value]) => value !== undefined),
  );
  return `Bearer ${await new SignJWT(given).setProtectedHeader({ alg: "HS256", typ: "at+jwt", ...header }).sign(key)}`;
}

/** RFC 6750 §3.1, word for word. */
const MISSING = { status: 401, challenge: 'Bearer realm="shop"' };
const MALFORMED = {
  status: 400,
  challenge:
    'Bearer realm="shop", error="invalid_request", error_description="The Authorization header is not of the form: Bearer <token>."',
};
const INVALID = {
  status: 401,
  challenge:
    'Bearer realm="shop", error="invalid_token", error_description="The access token is unknown, malformed, expired or revoked."',
};
const ACCEPTED = { status: 200, challenge: undefined };

async function answer(guard: Guard, authorization: AuthorizationHeader) {
  try {
    await guard.run(authorization, async () => {});
    return ACCEPTED;
  } catch (error) {
    const { status, headers, body } = problemAnswer(error)!;
    // Nothing of what was presented is in what is said, nor in what might be logged.
    const given = [authorization ?? ""]
      .flat()
      .flatMap((value) => value.split(/\s+/).filter((part) => part.length > 12));
    const said = `${JSON.stringify(headers)} ${body} ${(error as Error).stack} ${JSON.stringify(error)}`;
    for (const part of given) expect(said).not.toContain(part);
    return { status, challenge: headers["www-authenticate"] };
  }
}

describe.skipIf(!server)("what is presented for a token", () => {
  let good = "";
  beforeAll(async () => {
    await pool.query(tokens.migration);
    await pool.query(jwtTokens({ schema, verify: async () => undefined }).migration);
    good = (await tokens.issue(pool, { subject: "ada", lifetimeSeconds: 600 })).token;
  });
  afterAll(async () => {
    await pool.end();
    await server?.stop();
  });

  it.each<[string, (token: string) => AuthorizationHeader, typeof MISSING | typeof ACCEPTED]>([
    ["no header", () => undefined, MISSING],
    ["an empty header", () => "", MISSING],
    ["blanks", () => " \t ", MISSING],
    ["no header at all, as a list", () => [], MISSING],
    ["another scheme", (token) => `Basic ${token}`, MISSING],
    ["a scheme that begins like it", (token) => `BearerX ${token}`, MISSING],
    ["the scheme and the token in one", (token) => `Bearer${token}`, MISSING],
    ["the token alone", (token) => token, MISSING],
    ["one, as a list", (token) => [`Bearer ${token}`], ACCEPTED],
    ["the scheme in lower case", (token) => `bearer ${token}`, ACCEPTED],
    ["the scheme in upper case", (token) => `BEARER ${token}`, ACCEPTED],
    ["more than one blank", (token) => ` Bearer    ${token}\t`, ACCEPTED],
    ["two headers", (token) => [`Bearer ${token}`, `Bearer ${token}`], MALFORMED],
    ["two headers, joined", (token) => `Bearer ${token}, Bearer ${token}`, MALFORMED],
    ["two tokens", (token) => `Bearer ${token} ${token}`, MALFORMED],
    ["a tab for a blank", (token) => `Bearer\t${token}`, MALFORMED],
    ["the scheme alone", () => "Bearer", MALFORMED],
    ["the scheme and a comma", (token) => `Bearer,${token}`, MALFORMED],
    ["a NUL in it", (token) => `Bearer ${token}\0`, MALFORMED],
    ["a line feed after it", (token) => `Bearer ${token}\n`, MALFORMED],
    ["a header in it", (token) => `Bearer ${token}\r\nX-Admin: 1`, MALFORMED],
    ["a DEL before it", (token) => `Bearer \u007f${token}`, MALFORMED],
    ["a no-break space before it", (token) => `Bearer \u00a0${token}`, MALFORMED],
    ["quotes around it", (token) => `Bearer "${token}"`, MALFORMED],
    ["padding alone", () => "Bearer ==", MALFORMED],
    ["a megabyte of token", () => `Bearer ${"a".repeat(1 << 20)}`, MALFORMED],
    ["a megabyte of blanks", (token) => `Bearer${" ".repeat(1 << 20)}${token}`, MALFORMED],
    ["16 KiB of token", () => `Bearer ${"a".repeat((1 << 14) - 7)}`, INVALID],
    ["one character too many", (token) => `Bearer ${token}0`, INVALID],
    ["one character too few", (token) => `Bearer ${token.slice(0, -1)}`, INVALID],
    [
      "one character changed",
      (token) => `Bearer ${token.replace(/.$/, (last) => (last === "0" ? "1" : "0"))}`,
      INVALID,
    ],
    [
      "the token of another environment by its looks",
      (token) => `Bearer ${token.replace("shop_", "shoptest_")}`,
      INVALID,
    ],
  ])("%s", async (_name, header, expected) => {
    expect(await answer(opaque, header(good))).toEqual(expected);
  });

  it("the token of another environment, though it is in the same table", async () => {
    const { token } = await otherEnvironment.issue(pool, { subject: "ada", lifetimeSeconds: 600 });
    expect(await answer(opaque, `Bearer ${token}`)).toEqual(INVALID);
  });

  it.each([
    // A machine may be busy for a second.
    [2, ACCEPTED],
    [-1, INVALID],
  ])("an opaque token whose expiry is %d s away", async (lifetimeSeconds, expected) => {
    const { token } = await tokens.issue(pool, { subject: "ada", lifetimeSeconds });
    expect(await answer(opaque, `Bearer ${token}`)).toEqual(expected);
  });

  it.each<[string, Claims, number, typeof ACCEPTED | typeof INVALID]>([
    // Claims are whole seconds: a second on the safe side of a boundary is two.
    ["expired within the leeway", { exp: -LEEWAY + 2 }, 0, ACCEPTED],
    ["expired a second before the leeway", { exp: -LEEWAY - 1 }, 0, INVALID],
    ["not before, within the leeway", { nbf: LEEWAY - 1 }, 0, ACCEPTED],
    ["not before a second after the leeway", { nbf: LEEWAY + 2 }, 0, INVALID],
    ["expired, at a clock that lags by an hour", { exp: -LEEWAY - 1 }, -3600, INVALID],
    ["not yet, at a clock that is an hour ahead", { nbf: LEEWAY + 2 }, 3600, INVALID],
    ["good, at a clock that lags by an hour: not yet", {}, -3600, INVALID],
    ["good, at a clock that is an hour ahead: expired", {}, 3600, INVALID],
    ["good, at a clock that is off by less than the leeway", {}, LEEWAY - 2, ACCEPTED],
  ])("a JSON Web Token that is %s", async (_name, { exp = 60, nbf = -60 }, off, expected) => {
    const token = await jwt({ exp: seconds(exp as number), nbf: seconds(nbf as number) });
    expect(await answer(web(off), token)).toEqual(expected);
  });

  it.each(["iss", "sub", "aud", "exp", "nbf", "jti"])("a JSON Web Token without %s", async (claim) => {
    expect(await answer(web(), await jwt({ [claim]: undefined }))).toEqual(INVALID);
  });

  it.each<[string, () => Promise<string> | string]>([
    ["of another issuer", () => jwt({ iss: "https://evil.example" })],
    ["for another audience", () => jwt({ aud: "billing" })],
    ["of another type", () => jwt({}, { typ: "JWT" })],
    ["with another key", () => jwt({}, {}, randomBytes(32))],
    ["of another algorithm", () => jwt({}, { alg: "HS512" }, randomBytes(64))],
    ["with a text for exp", () => jwt({ exp: "tomorrow" })],
    ["without a signature", async () => (await jwt()).replace(/[^.]*$/, "")],
    [
      "that says that it has none",
      async () =>
        `Bearer ${Buffer.from('{"alg":"none"}').toString("base64url")}.${(await jwt()).split(".")[1]}.`,
    ],
    ["that is opaque", () => `Bearer ${good}`],
  ])("a JSON Web Token %s", async (_name, token) => {
    expect(await answer(web(), await token())).toEqual(INVALID);
  });
});
