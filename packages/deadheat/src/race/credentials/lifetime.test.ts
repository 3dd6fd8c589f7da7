import { describe, expect, it } from "vitest";
import { encoded } from "../controls/jwt/compact.ts";
import type { Exchange } from "../exchange.ts";
import { lifetimeAt } from "./lifetime.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const answered = (body: unknown, date = new Date(NOW).toUTCString()): Exchange => ({
  request: { method: "POST", path: "/", headers: {} },
  invoke: 0,
  headers: date === "" ? {} : { date },
  body,
});
const jwt = (claims: Record<string, unknown>) => `${encoded({ alg: "HS256" })}.${encoded(claims)}.c2ln`;
const HOUR = 3_600_000;

describe("how long a token lives", () => {
  it.each([
    ["beside it, in seconds", { token: "t", expires_in: 3600 }, "/token"],
    ["in camel case", { accessToken: "t", refreshToken: "r", expiresIn: 3600 }, "/accessToken"],
    ["as text", { token: "t", expiresIn: "3600" }, "/token"],
    ["with a unit", { token: "t", expiresIn: "1h" }, "/token"],
    ["in milliseconds, if called so", { token: "t", expires_in_ms: 3_600_000 }, "/token"],
    ["further out", { data: { tokens: { access: "t" }, ttl: 3600 } }, "/data/tokens/access"],
    [
      "of the access token, not of the other one",
      { access: "t", refreshExpiresIn: 9, accessExpiresIn: 3600 },
      "/access",
    ],
    ["as a time with its zone", { token: "t", expiresAt: "2026-03-01T13:00:00+00:00" }, "/token"],
    [
      "in an object of its own",
      {
        access: { token: "t", expires: "2026-03-01T13:00:00.000Z" },
        refresh: { token: "r", expires: "2026-04-01T13:00:00.000Z" },
      },
      "/access/token",
    ],
    ["since 1970, in seconds", { token: "t", expires_at: NOW / 1000 + 3600 }, "/token"],
    ["since 1970, in milliseconds", { token: "t", expiry: NOW + HOUR }, "/token"],
    ["by itself", { token: jwt({ iat: 5, exp: 3605 }), expires_in: 9 }, "/token"],
    ["by itself, without iat", { token: jwt({ exp: NOW / 1000 + 3600 }) }, "/token"],
  ])("%s", (_name, body, pointer) => {
    expect(lifetimeAt(answered(body), pointer)).toBe(HOUR);
  });

  it.each([
    ["nothing is said", { token: "t", user: { id: 4 } }],
    ["a time without a zone", { token: "t", expiresAt: "2026-03-01T13:00:00" }],
    ["a time that is over", { token: "t", expiresAt: "2026-03-01T11:00:00Z" }],
    ["only of the refresh token", { token: "t", refresh_expires_in: 3600 }],
    ["of something else", { token: "t", user: { subscription: { expires_in: 3600 } }, expert: 3600 }],
  ])("not to be told: %s", (_name, body) => {
    expect(lifetimeAt(answered(body), "/token")).toBeUndefined();
  });

  it("not by a time where the server does not tell its own", () => {
    const body = { token: "t", expiresAt: "2026-03-01T13:00:00Z" };
    expect(lifetimeAt(answered(body, ""), "/token")).toBeUndefined();
  });
});
