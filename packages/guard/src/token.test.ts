import { describe, expect, it } from "vitest";
import { bearerToken } from "./authorization.ts";
import { GuardError } from "./errors.ts";
import { isOpaqueToken, lockKey, opaqueToken, tokenHash } from "./token.ts";

describe("opaque tokens", () => {
  it("carry 256 random bits between prefix and checksum, in letters and digits", () => {
    expect(opaqueToken("at", (size) => Buffer.alloc(size, 0xff))).toMatch(
      /^at_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1\w{6}$/,
    );
    expect(opaqueToken("at", (size) => Buffer.alloc(size))).toMatch(/^at_0{43}\w{6}$/);
    const tokens = Array.from({ length: 100 }, () => opaqueToken("at"));
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) {
      expect(token).toMatch(/^at_[0-9A-Za-z]{49}$/);
      expect(bearerToken(`Bearer ${token}`)).toBe(token);
    }
  });

  it("are told from what only looks like one, and from those of another environment", () => {
    const token = opaqueToken("shop");
    expect(isOpaqueToken(token)).toBe(true);
    expect(isOpaqueToken(token, "shop")).toBe(true);
    expect(isOpaqueToken(token, "shoptest")).toBe(false);
    // Another prefix is another checksum.
    expect(isOpaqueToken(token.replace("shop_", "shoptest_"), "shoptest")).toBe(false);
    for (const text of [
      "",
      "shop_",
      token.slice(1),
      token.slice(0, -1),
      `${token}0`,
      ` ${token}`,
      `${token}\n`,
    ])
      expect(isOpaqueToken(text), text).toBe(false);
  });

  it("no single character can be mistyped unnoticed", () => {
    const token = opaqueToken("at", (size) => Buffer.alloc(size, 0x5a));
    const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (let place = "at_".length; place < token.length; place++) {
      for (const digit of digits) {
        const typed = token.slice(0, place) + digit + token.slice(place + 1);
        expect(isOpaqueToken(typed)).toBe(typed === token);
      }
    }
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
