import { describe, expect, it } from "vitest";
import { bearerToken } from "./authorization.ts";
import { GuardError } from "./errors.ts";

function refusal(header: string | string[] | undefined): GuardError {
  try {
    bearerToken(header);
  } catch (error) {
    if (error instanceof GuardError) return error;
  }
  throw new Error("it was accepted");
}

describe("bearerToken", () => {
  it.each([
    ["Bearer abc", "abc"],
    ["bearer abc", "abc"],
    ["BEARER   abc  ", "abc"],
    ["Bearer a-b._~+/c==", "a-b._~+/c=="],
  ])("%j has one", (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each([[undefined], [""], ["Basic YTpi"], ["Bearerabc"], ["abc"]])("%j has none: 401", (header) => {
    const { code, status, challenge } = refusal(header);
    expect({ code, status }).toEqual({ code: "missing-token", status: 401 });
    // RFC 6750 §3.1: nothing was claimed, so nothing is said to be wrong.
    expect(challenge).toBe('Bearer realm="api"');
  });

  it.each([
    ["Bearer"],
    ["Bearer "],
    ["Bearer a b"],
    ["Bearer a,b"],
    ["Bearer =="],
    [["Bearer a", "Bearer b"]],
  ])("%j is malformed: 400", (header) => {
    const { code, status, challenge } = refusal(header);
    expect({ code, status }).toEqual({ code: "malformed-authorization", status: 400 });
    expect(challenge).toContain('error="invalid_request"');
  });

  it("never repeats what it was given", () => {
    const { message, challenge, stack } = refusal("Bearer s3cret s3cret");
    expect(`${message} ${challenge} ${stack}`).not.toContain("s3cret");
  });
});
