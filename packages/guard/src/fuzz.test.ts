import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bearerToken } from "./authorization.ts";
import { GuardError } from "./errors.ts";
import { seal, unseal } from "./sealed.ts";
import { isOpaqueToken, lockKey, opaqueToken, tokenHash } from "./token.ts";

const digit = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const prefix = fc.string({ unit: fc.constantFrom(...digit), minLength: 1, maxLength: 16 });
const b64token = fc.string({ unit: fc.constantFrom(...`${digit}-._~+/`), minLength: 1, maxLength: 200 });
/** Texts that look like a header more often than not. */
const header = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .tuple(fc.constantFrom("Bearer", "bearer", "BEARER ", "Basic", ""), fc.string({ unit: "binary" }))
    .map((parts) => parts.join(" ")),
);

describe("whatever comes", () => {
  it("as a header is a token or a refusal, which does not repeat it", () => {
    fc.assert(
      fc.property(header, (value) => {
        try {
          expect(bearerToken(value)).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
        } catch (error) {
          if (!(error instanceof GuardError)) throw error;
          expect([400, 401]).toContain(error.status);
          expect(error.challenge).toMatch(/^Bearer realm="api"/);
          // Nothing that a header field could not hold (RFC 9110 §5.5).
          expect(error.challenge).toMatch(/^[\t\x20-\x7e]*$/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("as a token is read as it was written", () => {
    fc.assert(
      fc.property(b64token, fc.nat(3), fc.nat(3), (token, blanks, padding) => {
        const text = token + "=".repeat(padding);
        expect(bearerToken(`Bearer ${" ".repeat(blanks)}${text}`)).toBe(text);
      }),
    );
  });

  it("as a realm makes a challenge that is one quoted string", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (realm) => {
        const { challenge } = new GuardError("missing-token", { realm });
        expect(challenge).toMatch(/^Bearer realm="(?:[\t !#-[\]-~]|\\["\\])*"$/);
      }),
      { numRuns: 500 },
    );
  });

  it("as an opaque token is one only with its own prefix and as it is", () => {
    fc.assert(
      fc.property(prefix, prefix, fc.uint8Array({ minLength: 32, maxLength: 32 }), (own, other, bytes) => {
        const token = opaqueToken(own, () => Buffer.from(bytes));
        expect(isOpaqueToken(token, own)).toBe(true);
        expect(isOpaqueToken(token, other)).toBe(own === other);
        expect(BigInt.asIntN(64, BigInt(lockKey(tokenHash(token))))).toBe(BigInt(lockKey(tokenHash(token))));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        expect(isOpaqueToken(text)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("that is sealed can be read with the token and with no other", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), b64token, b64token, (text, token, other) => {
        // A lone half of a pair is no character, and does not survive being written.
        const written = Buffer.from(text, "utf8").toString("utf8");
        expect(unseal(seal(text, token), token)).toBe(written);
        if (other !== token) expect(() => unseal(seal(text, token), other)).toThrow();
      }),
    );
  });
});
