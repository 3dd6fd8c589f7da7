import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { joseVerifier } from "./jose.ts";

const ISSUER = "https://id.example";
let keys: JWK[] = [];
let status = 200;
let fetched = 0;
const server = createServer((_request, response) => {
  fetched++;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ keys }));
});
let url: URL;
const fixed = { algorithms: ["ES256"], issuer: ISSUER, audience: "shop" };

async function key(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: "ES256" }, privateKey, kid };
}
const token = ({ privateKey, kid }: Awaited<ReturnType<typeof key>>, claims: object = {}) =>
  new SignJWT({ scope: "read write", ...claims })
    .setProtectedHeader({ alg: "ES256", kid, typ: "at+jwt" })
    .setIssuer(ISSUER)
    .setSubject("ada")
    .setAudience("shop")
    .setJti("1")
    .setIssuedAt()
    .setNotBefore("0s")
    .setExpirationTime("1h")
    .sign(privateKey);

describe("a verifier of jose's", () => {
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("gives what the guard goes by", async () => {
    const one = await key("one");
    const verify = joseVerifier({ ...fixed, keys: one.jwk, epochClaim: "epoch", leewaySeconds: 3 });
    expect(verify.leewaySeconds).toBe(3);
    expect(await verify(await token(one, { epoch: 7 }))).toEqual({
      issuer: ISSUER,
      subject: "ada",
      id: "1",
      expiresAt: expect.any(Date),
      notBefore: expect.any(Date),
      issuedAt: expect.any(Date),
      epoch: 7,
      scopes: ["read", "write"],
    });
    expect(await verify(await token(one))).toBeUndefined();
    expect(await verify(await token(one, { epoch: "7" }))).toBeUndefined();
  });

  it("follows an issuer that rotates its keys, and asks once for many tokens", async () => {
    const [one, two] = [await key("one"), await key("two")];
    [keys, fetched] = [[one.jwk], 0];
    const verify = joseVerifier({ ...fixed, keys: url, cooldownSeconds: 0 });
    const subjects = await Promise.all(
      Array.from({ length: 5 }, async () => (await verify(await token(one)))?.subject),
    );
    expect(subjects).toEqual(Array(5).fill("ada"));
    expect(fetched).toBe(1);
    expect(await verify(await token(two))).toBeUndefined();
    keys = [one.jwk, two.jwk];
    expect(await verify(await token(two))).toMatchObject({ subject: "ada" });
    keys = [two.jwk];
    // A key that was withdrawn is of no use from the next time on that the set is fetched.
    expect(await verify(await token(await key("three")))).toBeUndefined();
    expect(await verify(await token(one))).toBeUndefined();
  });

  it("does not let unknown keys make it ask for each token", async () => {
    const one = await key("one");
    [keys, fetched] = [[one.jwk], 0];
    const verify = joseVerifier({ ...fixed, keys: url });
    const stranger = await key("stranger");
    for (let time = 0; time < 5; time++) expect(await verify(await token(stranger))).toBeUndefined();
    expect(fetched).toBe(1);
  });

  it("does not call a token bad whose keys cannot be had", async () => {
    const one = await key("one");
    status = 503;
    const verify = joseVerifier({ ...fixed, keys: url });
    await expect(verify(await token(one))).rejects.toMatchObject({ code: "keys-unavailable", status: 503 });
    status = 200;
    keys = [one.jwk];
    expect(await verify(await token(one))).toMatchObject({ subject: "ada" });
  });

  it.each([[[]], [["none"]], [["ES256", "none"]]])("is not made for the algorithms %j", (algorithms) => {
    expect(() => joseVerifier({ ...fixed, keys: url, algorithms })).toThrow(TypeError);
  });
});
