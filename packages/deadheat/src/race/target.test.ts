import { describe, expect, it } from "vitest";
import type { Network } from "./network.ts";
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

describe("no way round by a proxy or by another name", () => {
  const proxy = { kind: "socks5", host: "127.0.0.1", port: 1080 } as const;
  const through = { insecure: false, proxy } as unknown as Network;
  const asking = (serverName: string) => ({ insecure: false, serverName }) as unknown as Network;
  const statement = "my own machine";

  it.each(["http://127.0.0.1:8000", "https://[::1]:8443"])(
    "%s through a proxy: to a proxy that is another machine",
    async (url) => {
      await expect(resolveTarget(url, nobody, through, never)).rejects.toMatchObject({
        code: "target-not-allowed",
        message: expect.stringMatching(/through a proxy/),
      });
      const { origin } = new URL(url);
      await expect(resolveTarget(url, { allow: [origin] }, through, never)).rejects.toThrow();
      await expect(
        resolveTarget(url, { allow: ["http://127.0.0.1"], statement }, through, never),
      ).rejects.toThrow();
      const allowed = await resolveTarget(url, { allow: [origin], statement }, through, never);
      expect(allowed).toMatchObject({ origin, network: through });
    },
  );

  it("another name that leads elsewhere, or nowhere, is a target of its own", async () => {
    const elsewhere = async () => [{ address: "192.0.2.7", family: 4 }];
    const nowhere = async () => {
      throw new Error("ENOTFOUND");
    };
    const url = "https://127.0.0.1:8443";
    for (const resolve of [elsewhere, nowhere, async () => []]) {
      const refused = resolveTarget(url, nobody, asking("api.test"), resolve);
      await expect(refused).rejects.toMatchObject({ code: "target-not-allowed" });
      const wrong = { allow: ["https://127.0.0.1:8443", "https://api.test"], statement };
      await expect(resolveTarget(url, wrong, asking("api.test"), resolve)).rejects.toThrow(/api\.test:8443/);
      const right = { allow: ["https://api.test:8443"], statement };
      // Where it goes is decided by the target, whatever the name says.
      expect(await resolveTarget(url, right, asking("api.test"), resolve)).toMatchObject({
        address: "127.0.0.1",
        host: "127.0.0.1:8443",
      });
    }
  });

  it("another name of this machine is none", async () => {
    const here = async () => [{ address: "127.0.0.1", family: 4 }];
    const target = await resolveTarget("https://127.0.0.1:8443", nobody, asking("localhost"), here);
    expect(target.address).toBe("127.0.0.1");
    await expect(
      resolveTarget("http://127.0.0.1:80", nobody, asking("localhost"), here),
    ).rejects.toMatchObject({
      code: "target-invalid",
    });
  });

  it("an authorisation for another name is none for the target itself", async () => {
    const elsewhere = async () => [{ address: "192.0.2.7", family: 4 }];
    const authorization = { allow: ["https://api.test"], statement };
    await expect(
      resolveTarget("https://10.0.0.1", authorization, asking("api.test"), elsewhere),
    ).rejects.toThrow(/10\.0\.0\.1 is not on this machine/);
  });
});
