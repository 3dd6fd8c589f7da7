import { describe, expect, it } from "vitest";
import { bearerToken } from "./authorization.ts";
import { GuardError } from "./errors.ts";
import { lockKey, opaqueToken, tokenHash } from "./token.ts";

describe("opaque tokens", () => {
  it("carry 256 random bits behind their prefix, in characters that a header may hold", () => {
    const token = opaqueToken("at", (size) => Buffer.alloc(size, 0xff));
    expect(token).toBe(`at_${Buffer.alloc(32, 0xff).toString("base64url")}`);
    expect(bearerToken(`Bearer ${token}`)).toBe(token);
    expect(opaqueToken("at")).not.toBe(opaqueToken("at"));
  });

  it.each(["", "a b", "a_b", "seventeen-letters", "ü"])("refuse the prefix %j", (prefix) => {
    expect(() => opaqueToken(prefix)).toThrow(TypeError);
  });

  it("are known by their SHA-256", () => {
    expect(tokenHash("abc").toString("hex")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });

  it("are locked by the first 64 bits of it, within the range of a signed bigint", () => {
    expect(lockKey(Buffer.from(`ffffffffffffffff${"00".repeat(24)}`, "hex"))).toBe("-1");
    expect(lockKey(Buffer.from(`7fffffffffffffff${"00".repeat(24)}`, "hex"))).toBe("9223372036854775807");
  });
});

describe("GuardError", () => {
  it("quotes the realm", () => {
    expect(new GuardError("invalid-token", { realm: 'a "b" \\' }).challenge).toMatch(
      /^Bearer realm="a \\"b\\" \\\\", /,
    );
  });

  it("challenges nobody for the server's own troubles", () => {
    const { status, challenge } = new GuardError("contention");
    expect({ status, challenge }).toEqual({ status: 503, challenge: undefined });
  });
});
