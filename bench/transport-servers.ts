/**
 * HTTP/2 of our own with servers that people run: the bursts of tests/support/conformance.ts, each answered as it should
 * be or not:
 *
 *   node --import tsx -C source bench/transport-servers.ts
 *
 * Debian: nginx-light, python3-hypercorn, golang-go, caddy, openssl. What is not there is not run, and said.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Certificates } from "../tests/support/certificate.ts";
import { answering, CASES, conforms } from "../tests/support/conformance.ts";
import { startHypercorn } from "../tests/support/hypercorn.ts";
import { isListening } from "../tests/support/listening.ts";
import { startNginx } from "../tests/support/nginx.ts";
import { freePort } from "../tests/support/port.ts";
import { machine } from "./oracle/machine.ts";
import { startStampingServer, targetAt } from "./transport/go-server.ts";

interface Running {
  readonly port: number;
  stop(): unknown;
}

const certificates = new Certificates();
const own = certificates.make("IP:127.0.0.1");
const files = { certificate: own.certificateFile, key: own.keyFile };
const go = await startStampingServer();
const upstream = `127.0.0.1:${go.plainPort}`;

const SERVERS: readonly [
  name: string,
  version: readonly [string, ...string[]],
  start: () => Promise<Running>,
][] = [
  ["Node.js", [process.execPath, "--version"], startNode],
  ["nginx", ["nginx", "-v"], () => startNginx({ ...files, upstream })],
  [
    "hypercorn",
    ["/usr/bin/python3", "-c", 'import importlib.metadata as m; print(m.version("hypercorn"))'],
    () => startHypercorn(files.certificate, files.key),
  ],
  ["Go net/http", ["go", "version"], async () => ({ port: go.port, stop: () => {} })],
  ["Caddy", ["caddy", "version"], startCaddy],
];

console.log(`transport-servers\n${machine()}\n`);
try {
  for (const [name, version, start] of SERVERS) await show(name, version, start);
} finally {
  go.stop();
  certificates.remove();
}

async function show(name: string, version: readonly [string, ...string[]], start: () => Promise<Running>) {
  const said = versionOf(version);
  if (said === undefined) return console.log(`${name}: not run, not here`);
  const running = await start();
  const certificate = name === "Go net/http" ? go.certificate : own.certificate;
  try {
    const target = await targetAt("127.0.0.1", running.port, certificate);
    console.log(`${name} (${said})`);
    for (const one of CASES) console.log(`  ${one.name.padEnd(44)} ${await conforms(target, one)}`);
  } finally {
    await running.stop();
  }
}

function versionOf([program, ...args]: readonly [string, ...string[]]): string | undefined {
  try {
    const output = execFileSync("sh", ["-c", '"$@" 2>&1', "sh", program, ...args], { encoding: "utf8" });
    return /\d+\.[\d.]+/.exec(output)?.[0] ?? output.trim();
  } catch {
    return undefined;
  }
}

async function startNode(): Promise<Running> {
  const server = createSecureServer({ cert: own.certificate, key: own.key }, answering as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return { port, stop: () => server.close() };
}

async function startCaddy(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-caddy-"));
  const port = await freePort();
  writeFileSync(
    join(folder, "Caddyfile"),
    `{
  admin off
  auto_https off
}
https://127.0.0.1:${port} {
  tls ${files.certificate} ${files.key}
  reverse_proxy ${upstream}
}
`,
  );
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const caddy = spawn("caddy", ["run", "--config", join(folder, "Caddyfile")], { env, stdio: "ignore" });
  for (let tries = 0; !(await isListening(port)) && tries < 500; tries++) await sleep(20);
  return {
    port,
    async stop() {
      caddy.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
