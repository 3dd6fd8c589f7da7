import { execFileSync } from "node:child_process";
import { createSecureServer as createSecureHttp2 } from "node:http2";
import { createServer as createHttps } from "node:https";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Certificate, Certificates } from "../../../../tests/support/certificate.ts";
import type { NetworkSettings, ProxySettings } from "../plan/network.ts";
import { burstOptions, outcomes, posts } from "../testing/burst.ts";
import { connectProxy, socksProxy } from "../testing/proxies.ts";
import { echoing, Servers } from "../testing/servers.ts";
import { openNetwork } from "./network.ts";
import { Pacing } from "./pacing.ts";
import { Session } from "./session.ts";
import type { Target } from "./target.ts";
import { http1 } from "./transport/http1.ts";
import { http2 } from "./transport/http2.ts";

const servers = new Servers();
afterEach(() => servers.close());

type Way = "http1" | "http2" | "alone";
const WAYS: readonly Way[] = ["http1", "http2", "alone"];

/** How two requests of a burst, or one alone, end. */
async function sent(way: Way, target: Target, timeoutMs = 3000): Promise<string> {
  if (way === "alone") return String((await alone(target, timeoutMs)).join(" "));
  const transport = way === "http1" ? http1 : http2;
  const burst = await transport.burst(target, posts(2), burstOptions(timeoutMs)).catch((cause) => cause);
  if (burst instanceof Error) return (burst as NodeJS.ErrnoException).code ?? burst.message;
  return [...new Set(outcomes(burst))].join(" ");
}

async function alone(target: Target, timeoutMs: number) {
  const { clock, signal } = burstOptions();
  const pacing = new Pacing({ clock, signal });
  const session = new Session({ target, clock, budget: { limit: 9, spent: 0 }, signal, timeoutMs, pacing });
  try {
    return outcomes({
      exchanges: [await session.send({ method: "POST", path: "/", headers: {}, body: "1" })],
    });
  } finally {
    await session.close();
  }
}

const withNetwork = async (target: Target, settings: NetworkSettings): Promise<Target> => ({
  ...target,
  network: await openNetwork(settings),
});

const plain = (way: Way, host?: string) =>
  way === "http2" ? servers.echo("http2") : servers.echo("http1", host);

function openSsl(): boolean {
  try {
    return / 3\./.test(execFileSync("openssl", ["version"], { encoding: "utf8" }));
  } catch {
    return false;
  }
}
const noOpenSsl = openSsl() ? undefined : "OpenSSL 3 is not here";
if (noOpenSsl && process.env.CI) throw new Error(noOpenSsl);

describe.skipIf(noOpenSsl)("certificates", () => {
  const certificates = new Certificates();
  let authority: Certificate;
  let own: Certificate;
  let named: Certificate;
  let client: Certificate;
  beforeAll(() => {
    authority = certificates.make("DNS:authority.test");
    own = certificates.make("IP:127.0.0.1", { authority });
    named = certificates.make("DNS:api.test", { authority });
    client = certificates.make("DNS:client.test", { authority });
  });
  afterAll(() => certificates.remove());

  async function secure(
    way: Way,
    { certificate: cert, key }: Certificate,
    more: object = {},
  ): Promise<Target> {
    const server =
      way === "http2"
        ? createSecureHttp2({ cert, key, ...more }, echoing as never)
        : createHttps({ cert, key, ...more }, echoing as never);
    return servers.listen(server as never, { secure: true });
  }

  it.each(WAYS)("%s: trusted with its authority, and without it not", async (way) => {
    const target = await secure(way, own);
    expect(await sent(way, target)).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    expect(await sent(way, await withNetwork(target, { ca: authority.certificate }))).toBe("200");
  });

  it.each(WAYS)("%s: one for another name is not accepted, unless that name is asked for", async (way) => {
    const asked: (string | false)[] = [];
    const target = await secure(way, named, {
      SNICallback: (name: string, done: (cause: null) => void) => {
        asked.push(name);
        done(null);
      },
    });
    const ca = authority.certificate;
    expect(await sent(way, await withNetwork(target, { ca }))).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    // An address is never asked for by name.
    expect(asked).toEqual([]);
    expect(await sent(way, await withNetwork(target, { ca, serverName: "api.test" }))).toBe("200");
    expect(new Set(asked)).toEqual(new Set(["api.test"]));
    expect(await sent(way, await withNetwork(target, { ca, serverName: "other.test" }))).toBe(
      "ERR_TLS_CERT_ALTNAME_INVALID",
    );
  });

  it.each(WAYS)("%s: one that has expired is not accepted, whoever signed it", async (way) => {
    const target = await secure(way, certificates.expired("IP:127.0.0.1", authority));
    const ca = authority.certificate;
    expect(await sent(way, await withNetwork(target, { ca }))).toBe("CERT_HAS_EXPIRED");
    expect(await sent(way, await withNetwork(target, { ca, insecure: true }))).toBe("200");
  });

  it.each(WAYS)("%s: not checked at all with insecure, and only then", async (way) => {
    const target = await secure(way, named);
    expect(await sent(way, await withNetwork(target, { insecure: true }))).toBe("200");
    expect(await sent(way, await withNetwork(target, { insecure: false }))).toMatch(/^UNABLE|^ERR_TLS/);
  });

  it.each(WAYS)("%s: our own, where the server asks for it", async (way) => {
    const ca = authority.certificate;
    const target = await secure(way, own, { requestCert: true, rejectUnauthorized: true, ca });
    expect(await sent(way, await withNetwork(target, { ca }))).toMatch(
      /CERTIFICATE_REQUIRED|ECONNRESET|UND_ERR_SOCKET/,
    );
    expect(await sent(way, await withNetwork(target, { ca, client }))).toBe("200");
  });

  it("a key that is not the certificate's is told before anything is sent", async () => {
    const wrong = { certificate: client.certificate, key: own.key };
    await expect(openNetwork({ client: wrong })).rejects.toMatchObject({ code: "network-invalid" });
    await expect(openNetwork({ ca: "none" })).resolves.toBeDefined();
  });

  it.each(WAYS)("%s: TLS goes through a proxy to the target, checked as without one", async (way) => {
    const proxy = await connectProxy(servers);
    const through = { kind: "http", host: proxy.host, port: proxy.port } as const;
    const target = await secure(way, own);
    const ca = authority.certificate;
    expect(await sent(way, await withNetwork(target, { ca, proxy: through }))).toBe("200");
    expect(await sent(way, await withNetwork(target, { proxy: through }))).toBe(
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    );
  });
});

describe.each(WAYS)("%s through proxies", (way) => {
  const password = "s3cret-of-the-proxy";
  const through = (
    { host, port }: { host: string; port: number },
    kind: ProxySettings["kind"],
    given?: string,
  ) => ({
    proxy: {
      kind,
      host,
      port,
      ...(given === undefined ? {} : { username: "me", password: async () => given }),
    },
  });

  it.each(["http", "socks5"] as const)(
    "%s: it is asked for the pinned address, never for a name",
    async (kind) => {
      const proxy = kind === "http" ? await connectProxy(servers) : await socksProxy(servers);
      const target = { ...(await plain(way)), hostname: "localhost", host: "localhost" };
      expect(await sent(way, await withNetwork(target, through(proxy, kind)))).toBe("200");
      expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${target.port}`]));
    },
  );

  it("credentials are shown to a proxy that asks for them", async () => {
    const connect = await connectProxy(servers, (given) => (given === undefined ? 407 : undefined));
    const socks = await socksProxy(servers, password);
    const target = await plain(way);
    expect(await sent(way, await withNetwork(target, through(connect, "http", password)))).toBe("200");
    expect(connect.credentials[0]).toBe(`Basic ${Buffer.from(`me:${password}`).toString("base64")}`);
    expect(await sent(way, await withNetwork(target, through(socks, "socks5", password)))).toBe("200");
    expect(socks.credentials[0]).toBe(`me:${password}`);
  });

  it.each([
    [407, "proxy-credentials-rejected"],
    [403, "proxy-forbids"],
    [502, "proxy-cannot-reach"],
    // Not followed: it could lead anywhere.
    [302, "proxy-answered-302"],
  ])("one that answers %i: %s", async (status, code) => {
    const proxy = await connectProxy(servers, () => status);
    expect(await sent(way, await withNetwork(await plain(way), through(proxy, "http", password)))).toBe(code);
  });

  it("SOCKS: rejected credentials are not repeated, nor is what was rejected", async () => {
    const proxy = await socksProxy(servers, password);
    const failure = await sent(
      way,
      await withNetwork(await plain(way), through(proxy, "socks5", "wrong-one")),
    );
    expect(failure).toBe("proxy-credentials-rejected");
  });

  it.each(["http", "socks5"] as const)("%s: one that never answers, or is not there", async (kind) => {
    const silent = await servers.raw(() => {});
    const target = await plain(way);
    const { host: _, ...there } = silent;
    const at = { host: "127.0.0.1", port: there.port };
    expect(await sent(way, await withNetwork(target, through(at, kind)), 300)).toBe("timeout");
    const nowhere = { host: "127.0.0.1", port: 1 };
    expect(await sent(way, await withNetwork(target, through(nowhere, kind)))).toBe("ECONNREFUSED");
  });

  it.each(["http", "socks5"] as const)("%s: one that closes, or answers what it should not", async (kind) => {
    const target = await plain(way);
    for (const answer of [
      "",
      "HTTP/1.1 200\r\n",
      "\u0005\u0000",
      "\u0000\u0001\u0002\u0003",
      "220 smtp\r\n",
    ]) {
      const proxy = await servers.raw((socket) => socket.once("data", () => socket.end(answer)));
      const at = { host: "127.0.0.1", port: proxy.port };
      expect(await sent(way, await withNetwork(target, through(at, kind)))).toMatch(
        /^(ECONNRESET|HPE_\w+|proxy-\w+|timeout|UND_ERR_SOCKET|EPIPE)$/,
      );
    }
  });
});

describe.each(WAYS)("%s to an address of IPv6", (way) => {
  it("directly, and through proxies", async () => {
    const target = await servers.echo(way === "http2" ? "http2" : "http1", "::1");
    expect(target.host).toMatch(/^\[::1\]:\d+$/);
    expect(await sent(way, target)).toBe("200");
    const connect = await connectProxy(servers);
    const { host, port } = connect;
    expect(await sent(way, await withNetwork(target, { proxy: { kind: "http", host, port } }))).toBe("200");
    expect(connect.asked[0]).toBe(`[::1]:${target.port}`);
    const socks = await socksProxy(servers);
    const proxy = { kind: "socks5", host: socks.host, port: socks.port } as const;
    expect(await sent(way, await withNetwork(target, { proxy }))).toBe("200");
    expect(socks.asked[0]).toMatch(/^(0000:){7}0001:\d+$/);
  });
});
