import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isSecretName,
  maskWith,
  redactBody,
  redactMessage,
  redactText,
  redactTexts,
  redactValue,
} from "./redact.ts";

const mask = maskWith("salt");
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

describe("what looks like a credential is a fingerprint", () => {
  it.each([
    ["a JSON Web Token", `refused ${JWT} twice`, JWT],
    ["an Authorization header", "sent Bearer s3cr3tT0ken", "s3cr3tT0ken"],
    ["one in a query", "GET /me?access_token=abcdef", "abcdef"],
    ["one in JSON", '{"refresh_token":"abcdef"}', "abcdef"],
    ["a key that stands alone", "key 9f86d081884c7d659a2feaa0c55ad015 is unknown", "9f86d081884c7d65"],
    ["base64url", "got kD8fJ2mQ0sVx7ZtB1nHy5aLp", "kD8fJ2mQ0sVx7ZtB1nHy5aLp"],
  ])("%s", (_name, text, secret) => {
    const shown = redactText(text, mask);
    expect(shown).not.toContain(secret);
    expect(shown).toContain("[redacted ");
  });

  it.each([
    "Bearer authentication is missing",
    "no credential for racyBearer; set DEADHEAT_TOKEN",
    "POST /oauth/token answered 429",
    "revocation-race-post-api-v1-users-id-roles-of-the-tenant",
    "SELECT token FROM access_tokens WHERE token = $1",
    "id 7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "12 random operations one at a time fit counter",
    "4503599627370496123456789",
  ])("%s stays", (text) => {
    expect(redactText(text, mask)).toBe(text);
  });

  it("equal secrets are told to be equal, others not", () => {
    expect(redactText(JWT, mask)).toBe(redactText(JWT, mask));
    expect(redactText(JWT, mask)).not.toBe(redactText(`${JWT}x`, mask));
    expect(redactText(JWT, maskWith("other"))).not.toBe(redactText(JWT, mask));
  });

  it("values under the name of a secret are masked whole, whatever they look like", () => {
    const shown = redactBody({ user: { newPassword: "hunter2", otp: 1234, name: "ann" }, token: "" }, mask);
    expect(shown).toEqual({
      user: { newPassword: mask("hunter2"), otp: mask("1234"), name: "ann" },
      token: "",
    });
    expect(["accessToken", "code", "api-key", "session_id"].filter(isSecretName)).toHaveLength(4);
    expect(["token_type", "expires", "coupon", "passenger", "country_code_of"].filter(isSecretName)).toEqual(
      [],
    );
  });
});

describe("in a request or an answer itself", () => {
  it("a random text is never shown, however its letters fall", () => {
    const base64url = fc
      .uint8Array({ minLength: 15, maxLength: 64 })
      .map((one) => Buffer.from(one).toString("base64url"));
    fc.assert(
      fc.property(base64url, (secret) => {
        // Of one case alone there are next to none.
        fc.pre(/[a-z]/.test(secret) && /[A-Z0-9]/.test(secret));
        const shown = JSON.stringify(redactBody({ made: secret, list: [`x ${secret} y`] }, mask));
        expect(shown).not.toContain(secret);
        expect(redactMessage(`/items/${secret}/take`, mask)).not.toContain(secret);
      }),
      { numRuns: 1000 },
    );
  });

  it("what an API is about stays", () => {
    const body = { name: "Ann", score: 8, made: "2026-11-30T05:45:13.123Z", kind: "read-modify-write-again" };
    expect(redactBody(body, mask)).toEqual(body);
    expect(redactMessage("/items/7c9e6679-7425-40de-944b-e07fc1f90ae7/take?a=1", mask)).toBe(
      "/items/7c9e6679-7425-40de-944b-e07fc1f90ae7/take?a=1",
    );
  });
});

describe("whatever an API answers", () => {
  it("10 MB are cut, and said to have been", () => {
    const shown = redactText("x".repeat(10_000_000), mask);
    expect(shown.length).toBeLessThan(2100);
    expect(shown).toMatch(/… \(10,000,000 characters\)$/);
  });

  it("depth and width end", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level++) deep = [deep];
    expect(JSON.stringify(redactValue(deep, mask)).length).toBeLessThan(100);
    const wide = redactValue(Array(100_000).fill(1), mask) as unknown[];
    expect(wide).toHaveLength(501);
  });

  it("what is redacted stays as it is when done again", () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, text) => {
        const once = redactTexts({ text, value: JSON.parse(json) }, mask);
        expect(redactTexts(once, mask)).toEqual(once);
      }),
    );
    const once = redactText(`Bearer ${JWT}, token=${JWT}; "token":"x1y2z3a4"`, mask);
    expect(redactText(once, mask)).toBe(once);
  });
});
