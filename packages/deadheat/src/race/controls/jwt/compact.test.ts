import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimChanges } from "./claims.ts";
import { encoded, parseJwt } from "./compact.ts";
import { signers, underOldSignature } from "./signers.ts";

const header = { alg: "HS256", typ: "JWT", kid: "one" };
const claims = { sub: "ada", exp: 2_000, iat: 1_000, aud: "api", iss: "https://issuer.test", nbf: 1_000 };
const token = `${encoded(header)}.${encoded(claims)}.c2lnbmF0dXJl`;

describe("tokens taken apart", () => {
  it("a JSON Web Token", () => {
    expect(parseJwt(token)).toMatchObject({ header, claims });
  });

  it.each([
    "opaque",
    "7|Xk2",
    "a.b.c",
    `${encoded(header)}.${encoded(claims)}`,
    `${token}.more.parts`,
    `W10.${encoded(claims)}.x`,
    `${encoded({ typ: "JWT" })}.${encoded(claims)}.x`,
    "",
  ])("%s is none", (text) => {
    expect(parseJwt(text)).toBeUndefined();
  });

  it("no text makes it fail", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `${encoded(header)}.${text}.`),
        ),
        (text) => {
          expect(() => parseJwt(text)).not.toThrow();
        },
      ),
    );
  });
});

describe("forgeries", () => {
  const genuine = parseJwt(token);
  if (!genuine) throw new Error("no token");

  it("each is another token than the genuine one, and still three parts", () => {
    const all = [...signers([]), underOldSignature].map((one) =>
      one.forge(genuine, { ...claims, role: "admin" }),
    );
    expect(new Set([...all, token]).size).toBe(all.length + 1);
    for (const forged of all) expect(forged.split(".")).toHaveLength(3);
  });

  it.each(["HS256", "HS512", "RS256", "PS384", "ES256", "ES512", "EdDSA", "unheard"])(
    "%s is signed with another key of its kind",
    (alg) => {
      const other = signers([]).find((one) => one.does === "signed with another key");
      const forged = other?.forge({ ...genuine, header: { ...header, alg } }, claims) ?? "";
      expect(parseJwt(forged)?.header.alg).toBe(alg);
      expect(forged.split(".")[2]?.length).toBeGreaterThan(20);
    },
  );

  it("one claim is made wrong at a time, and none that the token does not have", () => {
    expect(claimChanges(claims, 1_500).map((one) => one.does)).toEqual([
      "no exp",
      "exp a day ago",
      "nbf in a day",
      "aud of somebody else",
      "iss of somebody else",
    ]);
    expect(claimChanges({ sub: "ada" }, 1_500)).toEqual([]);
  });
});
