import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openNetwork } from "../packages/deadheat/src/race/network.ts";
import type { Target } from "../packages/deadheat/src/race/target.ts";
import { http2 } from "../packages/deadheat/src/race/transport/http2.ts";
import { burstOptions, outcomes, posts } from "../packages/deadheat/src/testing/burst.ts";
import { Servers } from "../packages/deadheat/src/testing/servers.ts";
import { type Certificate, Certificates } from "./support/certificate.ts";
import { answering, CASES, conforms } from "./support/conformance.ts";
import { startHypercorn } from "./support/hypercorn.ts";
import { startNginx } from "./support/nginx.ts";

const run = promisify(execFile);
/** Not installed for the purpose: that would take longer than the test. */
async function missing(program: string, ...args: string[]): Promise<boolean> {
  return run(program, args).then(
    () => false,
    () => true,
  );
}

const lacks = {
  "OpenSSL 3": await run("openssl", ["version"]).then(
    ({ stdout }) => !/ 3\./.test(stdout),
    () => true,
  ),
  nginx: await missing("nginx", "-v"),
  hypercorn: await missing("/usr/bin/python3", "-c", "import hypercorn, h2"),
};
for (const [name, isMissing] of Object.entries(lacks))
  if (isMissing && process.env.CI) throw new Error(`missing here: ${name}`);

const servers = new Servers();
const certificates = new Certificates();
const stops: (() => Promise<void>)[] = [];
let own: Certificate;
beforeAll(() => {
  if (!lacks["OpenSSL 3"]) own = certificates.make("IP:127.0.0.1");
});
afterAll(async () => {
  for (const stop of stops) await stop();
  servers.close();
  certificates.remove();
});

async function at(port: number): Promise<Target> {
  const host = `127.0.0.1:${port}`;
  return {
    origin: `https://${host}`,
    secure: true,
    host,
    hostname: "127.0.0.1",
    port,
    address: "127.0.0.1",
    family: 4,
    network: await openNetwork({ ca: own.certificate }),
  };
}

const SERVERS: Readonly<Record<string, { readonly skip: boolean; start(): Promise<Target> }>> = {
  "Node.js": {
    skip: false,
    async start() {
      const { certificate: cert, key } = own;
      const server = createSecureServer({ cert, key }, answering as never);
      const { port } = await servers.listen(server as never, { secure: true });
      return at(port);
    },
  },
  nginx: {
    skip: lacks.nginx,
    async start() {
      const api = await servers.listen(createServer(answering as never));
      const { certificateFile: certificate, keyFile: key } = own;
      const nginx = await startNginx({ certificate, key, upstream: api.host });
      stops.push(nginx.stop);
      return at(nginx.port);
    },
  },
  hypercorn: {
    skip: lacks.hypercorn,
    async start() {
      const hypercorn = await startHypercorn(own.certificateFile, own.keyFile);
      stops.push(hypercorn.stop);
      return at(hypercorn.port);
    },
  },
};

describe.skipIf(lacks["OpenSSL 3"]).each(Object.entries(SERVERS))(
  "HTTP/2 with %s",
  (name, { skip, start }) => {
    it.skipIf(skip)("every burst ends as it should", async () => {
      const target = await start();
      const found: Record<string, string> = {};
      for (const one of CASES) found[one.name] = await conforms(target, one);
      expect(found, name).toEqual(Object.fromEntries(CASES.map((one) => [one.name, "ok"])));
    });
  },
);

it.skipIf(lacks["OpenSSL 3"] || lacks.nginx)(
  "nginx that closes a connection after some requests: those beyond are refused, and none is answered twice",
  async () => {
    const api = await servers.listen(createServer(answering as never));
    const { certificateFile: certificate, keyFile: key } = own;
    const nginx = await startNginx({ certificate, key, upstream: api.host, server: "keepalive_requests 5;" });
    stops.push(nginx.stop);
    const burst = await http2
      .burst(await at(nginx.port), posts(12), burstOptions(5000))
      .catch((cause) => cause);
    if (burst instanceof Error) expect(burst.message).toMatch(/server closes/);
    else
      for (const one of outcomes(burst))
        expect(["200", "REFUSED_STREAM", "ECONNRESET"]).toContain(String(one));
  },
);
