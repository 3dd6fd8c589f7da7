import { describe, expect, it } from "vitest";
import { resolveTarget } from "./target.ts";

const nobody = { allow: [] };
const never = async () => {
  throw new Error("asked");
};

describe("targets that are scanned without being asked twice", () => {
  it.each([
    ["http://127.0.0.1:8000", "127.0.0.1", 8000],
    ["http://127.9.9.9", "127.9.9.9", 80],
    ["https://[::1]:8443", "::1", 8443],
    // Other spellings of a loopback address; the URL parser makes them canonical.
    ["http://2130706433:80", "127.0.0.1", 80],
    ["http://0x7f.1:80", "127.0.0.1", 80],
    ["http://[::ffff:127.0.0.1]:80", "::ffff:7f00:1", 80],
  ])("%s", async (url, address, port) => {
    expect(await resolveTarget(url, nobody, undefined, never)).toMatchObject({ address, port });
  });

  it("a name all of whose addresses are loopback, pinned", async () => {
    let asked = 0;
    const target = await resolveTarget("http://localhost:1", nobody, undefined, async () => {
      asked++;
      return [
        { address: "::1", family: 6 },
        { address: "127.0.0.1", family: 4 },
      ];
    });
    expect(target).toMatchObject({ address: "::1", family: 6, hostname: "localhost" });
    expect(asked).toBe(1);
  });
});

describe("targets that need a statement", () => {
  it.each([
    "http://0.0.0.0:80",
    "http://[::]:80",
    "http://10.0.0.1",
    "http://169.254.169.254",
    "http://[::ffff:10.0.0.1]",
    "http://128.0.0.1",
    "http://3232235777",
    "http://0300.0250.0.1",
  ])("%s", async (url) => {
    await expect(resolveTarget(url, nobody, undefined, never)).rejects.toMatchObject({
      code: "target-not-allowed",
    });
  });

  it("a name with one address elsewhere, even behind a loopback one", async () => {
    const resolve = async () => [
      { address: "127.0.0.1", family: 4 },
      { address: "192.0.2.7", family: 4 },
    ];
    await expect(resolveTarget("http://api.test", nobody, undefined, resolve)).rejects.toMatchObject({
      code: "target-not-allowed",
    });
  });

  it("localhost with a trailing dot is a name like any other", async () => {
    const resolve = async () => [{ address: "192.0.2.7", family: 4 }];
    await expect(resolveTarget("http://localhost.", nobody, undefined, resolve)).rejects.toMatchObject({
      code: "target-not-allowed",
    });
  });

  it.each([
    [{ allow: ["http://192.0.2.7"] }],
    [{ allow: ["http://192.0.2.7"], statement: "  " }],
    [{ allow: ["http://192.0.2.7:81", "https://192.0.2.7", "http://192.0.2"], statement: "mine" }],
    [{ allow: [], statement: "mine" }],
  ])("allowed only by its exact origin and a statement: %j", async (authorization) => {
    await expect(resolveTarget("http://192.0.2.7", authorization, undefined, never)).rejects.toMatchObject({
      code: "target-not-allowed",
    });
  });

  it("with both", async () => {
    const authorization = { allow: ["http://192.0.2.7"], statement: "my own machine" };
    expect(await resolveTarget("http://192.0.2.7/path", authorization, undefined, never)).toMatchObject({
      origin: "http://192.0.2.7",
    });
  });
});
