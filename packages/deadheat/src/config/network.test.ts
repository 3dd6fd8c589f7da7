import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { parseConfig } from "./load.ts";
import { parseProxy } from "./network.ts";
import { networkFromValue } from "./network-value.ts";

const folder = mkdtempSync(join(tmpdir(), "deadheat-network-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "no.pem"), "hello");

const parsed = (network: string, env: NodeJS.ProcessEnv = {}) =>
  parseConfig("deadheat.yaml", `network: ${network}`, { folder, env });
const PASSWORD = "pa55-of-the-proxy";

describe("network in deadheat.yaml", () => {
  it.each([
    ["{ ca: missing.pem }", "deadheat.yaml:1:16: network.ca: no such file"],
    ["{ ca: no.pem }", "deadheat.yaml:1:16: network.ca: holds no certificate in PEM form"],
    ["{ certificate: no.pem }", "network.certificate: needs key"],
    ["{ key: no.pem }", "network.key: needs certificate"],
    ["{ serverName: 127.0.0.1 }", "network.serverName: is not a host name"],
    [
      "{ proxy: { url: ftp://127.0.0.1:21 } }",
      "network.proxy.url: is none of http://, https:// and socks5://",
    ],
    ["{ proxy: { url: socks5h://127.0.0.1 } }", "use socks5"],
    ["{ proxy: { url: nonsense } }", "is not a URL"],
    ["{ proxy: { url: http://127.0.0.1:3128/path } }", "is not scheme, host and port alone"],
    [
      `{ proxy: { url: http://me:${PASSWORD}@127.0.0.1:3128 } }`,
      "holds credentials, which do not belong here",
    ],
    [`{ proxy: { url: http://127.0.0.1, username: me, password: ${PASSWORD} } }`, "a secret does not belong"],
    ["{ proxy: { url: http://127.0.0.1, password: { env: P } } }", "needs username"],
    ["{ prox: {} }", "did you mean proxy"],
  ])("%s", (text, message) => {
    const failing = () => parsed(text, { P: PASSWORD });
    expect(failing).toThrow(message);
    expect(failing).not.toThrow(PASSWORD);
  });

  it("a proxy with a password from the environment", async () => {
    const text =
      "{ proxy: { url: 'socks5://[::1]:1081', username: me, password: { env: P } }, insecure: true }";
    const { network } = parsed(text, { P: PASSWORD });
    expect(network).toMatchObject({
      insecure: true,
      proxy: { kind: "socks5", host: "::1", port: 1081, username: "me" },
    });
    expect(await network?.proxy?.password?.()).toBe(PASSWORD);
    expect(JSON.stringify(network)).not.toContain(PASSWORD);
  });

  it("the same from a program", () => {
    expect(() => networkFromValue({ ca: "missing.pem" }, { folder, env: {} })).toThrow(
      expect.objectContaining({ code: "network-invalid", message: "network: ca: no such file" }),
    );
    expect(networkFromValue({ insecure: true }, { folder, env: {} })).toEqual({ insecure: true });
  });
});

describe("URLs of proxies", () => {
  it.each([
    ["http://h", { kind: "http", host: "h", port: 80 }],
    ["https://h", { kind: "https", host: "h", port: 443 }],
    ["socks5://h", { kind: "socks5", host: "h", port: 1080 }],
    ["http://[::1]:8080/", { kind: "http", host: "::1", port: 8080 }],
  ])("%s", (url, proxy) => {
    expect(parseProxy(url)).toEqual({ proxy });
  });

  it("whatever is given, a problem never repeats it", () => {
    const given = fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom("http://u:%zz@h", "socks5://a:b@c/d"));
    fc.assert(
      fc.property(given, fc.constantFrom(`${PASSWORD}@`, `x:${PASSWORD}@`), (url, secret) => {
        const result = parseProxy(url.replace("//", `//${secret}`));
        if ("problem" in result) expect(result.problem).not.toContain(PASSWORD);
      }),
      { seed: 1 },
    );
  });
});
