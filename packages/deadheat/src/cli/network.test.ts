import { describe, expect, it } from "vitest";
import { networkFrom } from "./network.ts";

const proxy = { kind: "http", host: "127.0.0.1", port: 3128 } as const;

describe("flags about certificates and proxies", () => {
  it("nothing asked for: nothing changed", () => {
    expect(networkFrom({}, undefined, {})).toBeUndefined();
  });

  it("win over deadheat.yaml, and that over DEADHEAT_PROXY", async () => {
    const env = { DEADHEAT_PROXY: "socks5://me:se%20cret@127.0.0.1:1081" };
    expect(networkFrom({ proxy: "http://127.0.0.1:9" }, { proxy, insecure: true }, env)).toEqual({
      insecure: true,
      proxy: { ...proxy, port: 9 },
    });
    expect(networkFrom({}, { proxy }, env)).toEqual({ proxy });
    const { proxy: usual } = networkFrom({ insecure: true }, undefined, env) ?? {};
    expect(usual).toMatchObject({ kind: "socks5", port: 1081, username: "me" });
    expect(await usual?.password?.()).toBe("se cret");
  });

  it.each([
    [{ ca: "/nowhere/ca.pem" }, "--ca no such file"],
    [{ cert: "/nowhere/cert.pem" }, "--cert needs key, the file with its private key"],
    [{ serverName: "10.0.0.1" }, "--server-name is not a host name"],
    [{ proxy: "http://me:s3cret@h" }, "--proxy holds credentials"],
    [{ proxy: "h:3128" }, "--proxy is none of"],
  ])("%j", (flags, message) => {
    const failing = () => networkFrom(flags, undefined, {});
    expect(failing).toThrow(expect.objectContaining({ code: "network-invalid", exitCode: 2 }));
    expect(failing).toThrow(message);
    expect(failing).not.toThrow("s3cret");
  });

  it("a broken DEADHEAT_PROXY is not repeated", () => {
    expect(() => networkFrom({}, undefined, { DEADHEAT_PROXY: "me:s3cret@h" })).toThrow(/^DEADHEAT_PROXY is/);
  });
});
