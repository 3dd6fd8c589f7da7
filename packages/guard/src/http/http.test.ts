import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresForTests } from "../../../../labs/node/src/testing/postgres.ts";
import { GuardError } from "../errors.ts";
import { createGuard } from "../guard.ts";
import { migrations } from "../schema/index.ts";
import { createSessions } from "../sessions.ts";
import { opaqueTokens } from "../tokens.ts";
import { problemAnswer } from "./answer.ts";
import { introspectionEndpoint } from "./introspection.ts";
import { revocationEndpoint } from "./revocation.ts";
import { type Authenticate, secretsEqual } from "./token-request.ts";

const server = await postgresForTests();
const pool = new pg.Pool({ connectionString: server?.url, max: 10 });
pool.on("error", () => {});
const schema = "endpoint_test";
const tokens = opaqueTokens({ schema });
const guard = createGuard({ pool, tokens });
const sessions = createSessions({ pool, tokens, schema });
const authenticate: Authenticate<string> = async ({ authorization }) =>
  secretsEqual(String(authorization), "Basic c2hvcDpzZWNyZXQ=") ? "shop" : undefined;
const revoke = revocationEndpoint({ guard, sessions, authenticate });
const introspect = introspectionEndpoint({ guard, authenticate });
const known = "Basic c2hvcDpzZWNyZXQ=";
const asked = async (token: string) => {
  const answer = await introspect({ authorization: known, body: { token } });
  expect(answer).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
  return JSON.parse(answer.body);
};

describe.skipIf(!server)("the endpoints about tokens", () => {
  beforeAll(async () => {
    for (const { sql } of migrations(schema)) await pool.query(sql);
  });
  afterAll(async () => {
    await pool.end();
    await server?.stop();
  });

  it("RFC 7662: say whose a valid token is, and of any other nothing but that it is not", async () => {
    const grant = { subject: "ada", lifetimeSeconds: 60, scopes: ["read", "write"] };
    const { token, expiresAt } = await tokens.issue(pool, grant);
    const exp = Math.floor(expiresAt.getTime() / 1000);
    const about = { active: true, sub: "ada", token_type: "Bearer", exp, scope: "read write" };
    expect(await asked(token)).toEqual({ ...about, iat: expect.any(Number) });
    await guard.revoke(`Bearer ${token}`);
    const expired = (await tokens.issue(pool, { ...grant, lifetimeSeconds: -1 })).token;
    for (const bad of [token, expired, "at_unknown", "x"])
      expect(await asked(bad)).toEqual({ active: false });
  });

  it("RFC 7662: may keep a token from a client that it is not for", async () => {
    const { token } = await tokens.issue(pool, { subject: "ada", lifetimeSeconds: 60 });
    const about = async (_principal: unknown, client: string) => (client === "shop" ? undefined : {});
    const kept = introspectionEndpoint({ guard, authenticate, about });
    expect(JSON.parse((await kept({ authorization: known, body: { token } })).body)).toEqual({
      active: false,
    });
  });

  it("RFC 7009: revoke access tokens alone, and with a refresh token the session", async () => {
    const lifetimes = { accessSeconds: 60, refreshSeconds: 60 };
    const [one, two] = [
      await sessions.open(pool, "ada", lifetimes),
      await sessions.open(pool, "ada", lifetimes),
    ];
    const token = one.access.token;
    expect(
      await revoke({ authorization: known, body: `token=${token}&token_type_hint=refresh_token` }),
    ).toMatchObject({
      status: 200,
      body: "",
    });
    expect(await asked(token)).toEqual({ active: false });
    expect((await sessions.refresh(one.refreshToken, lifetimes)).status).toBe("refreshed");
    await revoke({ authorization: known, body: { token: two.refreshToken } });
    expect(await asked(two.access.token)).toEqual({ active: false });
    expect(await sessions.refresh(two.refreshToken, lifetimes)).toEqual({ status: "refused" });
    // §2.2: an invalid token is no error.
    for (const token of ["unknown", two.refreshToken, "rt_x"])
      expect(await revoke({ authorization: known, body: { token } })).toMatchObject({ status: 200 });
  });

  it.each([
    ["no client", { authorization: undefined, body: "token=a" }, 401, "invalid_client"],
    ["another client", { authorization: "Basic eA==", body: "token=a" }, 401, "invalid_client"],
    ["no body", { authorization: known, body: undefined }, 400, "invalid_request"],
    ["no token", { authorization: known, body: "token_type_hint=access_token" }, 400, "invalid_request"],
    ["an empty token", { authorization: known, body: "token=" }, 400, "invalid_request"],
    ["two tokens", { authorization: known, body: "token=a&token=b" }, 400, "invalid_request"],
    [
      "something else for a token",
      { authorization: known, body: { token: ["a", "b"] } },
      400,
      "invalid_request",
    ],
  ])("answer to %s as RFC 6749 §5.2 has it", async (_name, request, status, error) => {
    for (const endpoint of [revoke, introspect])
      expect(await endpoint(request)).toMatchObject({ status, body: JSON.stringify({ error }) });
  });

  it("answer 503, and not 200, where a revocation was not done in time (RFC 7009 §2.2.1)", async () => {
    const late = async () => {
      throw new GuardError("deadline-exceeded");
    };
    const endpoint = revocationEndpoint({ guard: { revokeToken: late }, authenticate });
    expect(await endpoint({ authorization: known, body: "token=a" })).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
    });
  });
});

describe("problemAnswer", () => {
  it("is problem details, RFC 9457, without what went wrong inside", () => {
    const cause = new Error("connection to 10.0.0.7 refused");
    const answer = problemAnswer(new GuardError("commit-unknown", { cause }))!;
    expect(answer.status).toBe(500);
    expect(answer.headers).not.toHaveProperty("www-authenticate");
    expect(JSON.parse(answer.body)).toEqual({
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      detail: "The request could not be completed.",
      code: "commit-unknown",
    });
    expect(problemAnswer(cause)).toBeUndefined();
  });
});
