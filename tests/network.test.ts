import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createSecure } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Report, race, reportSchema } from "../packages/deadheat/src/index.ts";
import { connectProxy, socksProxy } from "../packages/deadheat/src/testing/proxies.ts";
import { Servers } from "../packages/deadheat/src/testing/servers.ts";
import { Certificates } from "./support/certificate.ts";
import { start } from "./support/command.ts";
import { type AccountsTarget, accountsTarget } from "./targets/accounts.ts";

const servers = new Servers();
const output = mkdtempSync(join(tmpdir(), "deadheat-network-"));
let api: AccountsTarget;
let token = "";
beforeAll(async () => {
  api = await accountsTarget();
  const alice = api.accounts.add("alice", "Pw-of-alice-1");
  token = alice ? api.accounts.issue(alice) : "";
});
afterEach(() => servers.close());
afterAll(async () => {
  await api.stop();
  rmSync(output, { recursive: true, force: true });
});

/** A scan as a user starts it. */
async function scan(target: string, flags: readonly string[], env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(output, "scan-"));
  const usual = ["--only", "lost-update", "--trials", "2", "--output", folder];
  const { finished } = start(["scan", api.document, "--target", target, ...usual, ...flags], {
    cwd: folder,
    env: { DEADHEAT_TOKEN: token, ...env },
  });
  const { code, stdout, stderr } = await finished;
  const [seed] = readdirSync(folder);
  const written = seed ? readFileSync(join(folder, seed, "report.json"), "utf8") : undefined;
  const report = written === undefined ? undefined : (reportSchema.parse(JSON.parse(written)) as Report);
  return { code, shown: `${stdout}${stderr}`, written: written ?? "", report };
}

const allowed = (origin: string) => ["--allow", origin, "--authorized", "the owner of this machine"];

describe("through proxies", () => {
  const password = "s3cret-of-the-proxy";

  it("everything goes through, under the rules for other machines, and the password is shown nowhere", async () => {
    const proxy = await connectProxy(servers, (given) => (given === undefined ? 407 : undefined));
    const env = { DEADHEAT_PROXY: `http://me:${password}@127.0.0.1:${proxy.port}` };
    const refused = await scan(api.url, [], env);
    expect(refused).toMatchObject({ code: 2, shown: expect.stringMatching(/through a proxy[\s\S]*--allow/) });
    expect(proxy.asked).toEqual([]);

    const { code, shown, written, report } = await scan(api.url, allowed(api.url), env);
    expect(code, `${shown}${JSON.stringify(report?.outcomes)}`).toBe(1);
    expect(report?.target).toEqual({
      origin: api.url,
      authorization: "the owner of this machine",
      proxy: `http://127.0.0.1:${proxy.port}`,
    });
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(api.url).host]));
    for (const text of [refused.shown, shown, written]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(Buffer.from(`me:${password}`).toString("base64"));
    }
  });

  it("credentials do not belong on the command line, and a proxy that refuses is named", async () => {
    const given = await scan(api.url, ["--proxy", `http://me:${password}@127.0.0.1:1`, ...allowed(api.url)]);
    expect(given).toMatchObject({ code: 2, shown: expect.stringMatching(/--proxy holds credentials/) });
    expect(given.shown).not.toContain(password);
    const proxy = await socksProxy(servers, password);
    const at = `socks5://127.0.0.1:${proxy.port}`;
    const wrong = await scan(api.url, allowed(api.url), {
      DEADHEAT_PROXY: at.replace("//", "//me:wrong-one@"),
    });
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.shown).toMatch(
      /does not answer \(proxy-credentials-rejected\)[\s\S]*Check the proxy socks5:/,
    );
    expect(wrong.shown).not.toContain("wrong-one");
  });
});

it("race() takes the same, by the same rules", async () => {
  const observe = [{ request: "GET /me", extract: { points: "$.points" } }];
  const given = {
    target: api.url,
    concurrent: [{ request: "POST /points", count: 2 }],
    observe,
    invariant: "after.points >= 0",
  } as const;
  await expect(race({ ...given, network: { ca: "missing.pem" } })).rejects.toMatchObject({
    code: "network-invalid",
    message: "network: ca: no such file",
  });
  const proxy = await connectProxy(servers);
  const network = { proxy: { url: `http://127.0.0.1:${proxy.port}` } };
  await expect(race({ ...given, network })).rejects.toMatchObject({
    code: "target-not-allowed",
  });
  expect(proxy.asked).toEqual([]);
});

function openSsl(): boolean {
  try {
    return / 3\./.test(execFileSync("openssl", ["version"], { encoding: "utf8" }));
  } catch {
    return false;
  }
}
const noOpenSsl = openSsl() ? undefined : "OpenSSL 3 is not here";
if (noOpenSsl && process.env.CI) throw new Error(noOpenSsl);

describe.skipIf(noOpenSsl)("behind TLS with HTTP/1.1 alone", () => {
  const certificates = new Certificates();
  afterAll(() => certificates.remove());

  /** The API behind TLS, as a gateway that knows no HTTP/2 has it. */
  async function gateway(names: string, clients: string[] = [], behind = api.url) {
    const authority = certificates.make("DNS:authority.test");
    const own = certificates.make(names, { authority });
    const client = certificates.make("DNS:client.test", { authority });
    const server = createSecure({
      cert: own.certificate,
      key: own.key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
    });
    server.on("secureConnection", (socket) => {
      const { subject } = socket.getPeerCertificate();
      clients.push(subject?.CN?.toString() ?? "nobody");
      const onward: Socket = connect(Number(new URL(behind).port), "127.0.0.1");
      onward.on("error", () => socket.destroy());
      socket.on("close", () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    });
    return { authority, client, target: await servers.listen(server as never, { secure: true }) };
  }

  it("a bad certificate is told with what to do about it; unchecked, it is said on the console and in the report", async () => {
    const { target } = await gateway("DNS:other.test");
    const refused = await scan(target.origin, []);
    expect(refused.code).toBe(2);
    expect(refused.shown).toMatch(/does not answer \(SELF_SIGNED_CERT_IN_CHAIN\)[\s\S]*--ca FILE/);
    const { code, shown, report } = await scan(target.origin, ["--insecure"]);
    expect(code, shown).toBe(1);
    expect(shown).toMatch(/WARNING --insecure: certificates are not checked/);
    expect(report?.target.insecure).toBe(true);
    // What it does without is said as well.
    expect(shown).toMatch(
      /mode +HTTP\/2 single-packet is not used: the server does not offer HTTP\/2 \(ALPN\)/,
    );
    expect(report?.transports).toMatchObject({
      used: "http1",
      spoken: ["http1"],
      degraded: [{ transport: "http2" }],
      probe: [{ name: "http1", mode: "HTTP/1.1 last-byte", overlap: expect.any(Number) }],
    });
    expect(report?.transports.trials[0]?.bursts).toBeGreaterThan(0);
  });

  it("one that has expired is told apart", async () => {
    const authority = certificates.make("DNS:authority.test");
    const own = certificates.expired("IP:127.0.0.1", authority);
    const server = createSecure({ cert: own.certificate, key: own.key });
    const { origin } = await servers.listen(server as never, { secure: true });
    const { code, shown } = await scan(origin, ["--ca", authority.certificateFile]);
    expect(code).toBe(2);
    expect(shown).toMatch(/does not answer \(CERT_HAS_EXPIRED\)[\s\S]*Renew its certificate/);
  });

  it("init finds the document behind it, and says how to go on", async () => {
    const plain = await servers.listen(
      createServer((_asked, answer) => void answer.end(readFileSync(api.document))),
    );
    const { target, authority, client } = await gateway("DNS:localhost", [], plain.origin);
    const folder = mkdtempSync(join(output, "init-"));
    const init = (...flags: string[]) =>
      start(["init", `${target.origin}/openapi.json`, ...flags], { cwd: folder }).finished;
    const refused = await init();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/SELF_SIGNED_CERT_IN_CHAIN[\s\S]*--ca FILE/);
    const tls = ["--ca", authority.certificateFile, "--server-name", "localhost"];
    const { code, stdout, stderr } = await init(
      ...[...tls, "--cert", client.certificateFile, "--key", client.keyFile],
    );
    expect(code, `${stdout}${stderr}`).toBe(0);
    expect(stdout).toMatch(/next +deadheat scan --ca \S+ --cert \S+ --key \S+ --server-name localhost/);
    expect(readdirSync(folder).sort()).toEqual(["deadheat.yaml", "openapi.json"]);
  });

  it("an authority, another name and a certificate of our own, for bursts and for calls alike", async () => {
    const clients: string[] = [];
    const { target, authority, client } = await gateway("DNS:localhost", clients);
    const { code, shown, report } = await scan(target.origin, [
      ...["--ca", authority.certificateFile, "--server-name", "localhost"],
      ...["--cert", client.certificateFile, "--key", client.keyFile],
    ]);
    expect(code, shown).toBe(1);
    expect(shown).not.toMatch(/WARNING/);
    expect(report?.target).toEqual({ origin: target.origin, serverName: "localhost" });
    // OpenSSL 3 names what it makes after the number of the certificate.
    expect(new Set(clients)).toEqual(new Set([expect.stringMatching(/^deadheat test \d+$/)]));
    expect(clients.length).toBeGreaterThan(10);
  });
});
