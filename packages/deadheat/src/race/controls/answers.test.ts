import { describe, expect, it } from "vitest";
import type { Exchange } from "../exchange.ts";
import { challengeOf, firstLook } from "./answers.ts";

const answered = (status: number | undefined, headers: Record<string, string> = {}): Exchange => ({
  request: { method: "GET", path: "/", headers: {} },
  invoke: 0,
  headers,
  body: undefined,
  ...(status === undefined ? {} : { status }),
});

describe("what an answer says by itself", () => {
  it.each<[number | undefined, boolean, string]>([
    [200, true, "let-in"],
    [401, false, "refused"],
    [302, false, "refused"],
    [404, true, "refused"],
    [404, false, "unclear"],
    [422, false, "unclear"],
    [429, true, "unclear"],
    [500, true, "unclear"],
    [undefined, true, "unclear"],
  ])("%s, where the good token works: %s → %s", (status, works, expected) => {
    expect(firstLook(answered(status), works)).toBe(expected);
  });

  it.each<[string | undefined, string]>([
    ["Bearer", "proper"],
    ['bearer realm="api", error="invalid_token"', "proper"],
    ['Basic realm="a, b", Bearer realm="api"', "proper"],
    ["Basic, Bearer", "proper"],
    ['Basic realm="api"', "other"],
    ['Basic realm="Bearer"', "other"],
    ["", "missing"],
    [undefined, "missing"],
  ])("the challenge %s is %s", (header, expected) => {
    const headers: Record<string, string> = header === undefined ? {} : { "www-authenticate": header };
    expect(challengeOf([answered(200), answered(401, headers)], "Bearer")).toBe(expected);
  });

  it("no 401 was seen", () => {
    expect(challengeOf([answered(404)], "Bearer")).toBe("not seen");
  });
});
