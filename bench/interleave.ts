/**
 * What the database proxy costs, beside a direct connection and pgbouncer, in one run:
 *
 *   node --import tsx -C source bench/interleave.ts [--seconds 5] [--rounds 3] [--statements 1000000]
 *
 * Needs pgbench and pgbouncer (Debian: postgresql-client, postgresql-contrib, pgbouncer). Rounds alternate between the
 * three, so that a slow moment of the machine meets all of them; with `--rounds 0` nothing is compared. The last part runs
 * `statements` statements through the proxy and reads its memory ten times on the way.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { startPostgres } from "../labs/node/src/postgres/index.ts";
import { startPgbouncer } from "./interleave/pgbouncer.ts";
import { machine, median } from "./oracle/machine.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    statements: { type: "string", default: "1000000" },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const run = promisify(execFile);

interface Way {
  readonly name: string;
  readonly port: number;
}

const postgres = await startPostgres();
const server = new URL(postgres.url);
const password = decodeURIComponent(server.password);
const env = { ...process.env, PGPASSWORD: password };
const bouncer = await startPgbouncer(server);
const proxy = await startProxy();
const ways: readonly Way[] = [
  { name: "direct", port: Number(server.port) },
  { name: "pgbouncer", port: bouncer.port },
  { name: "deadheat", port: proxy.port },
];

try {
  await pgbench(ways[0] as Way, ["-i", "-q", "-s", "1"]);
  console.log(`interleave\n${machine()}`);
  if (rounds > 0) {
    console.log(`median of ${rounds} rounds of ${seconds} s, pgbench -S\n`);
    for (const mode of ["simple", "extended"]) await compare(mode);
  }
  await memory();
} finally {
  proxy.stop();
  await bouncer.stop();
  await postgres.stop();
}

async function compare(mode: string): Promise<void> {
  const one = new Map<string, number[]>();
  const eight = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++)
    for (const way of ways) {
      note(one, way, await rate(way, mode, 1));
      note(eight, way, await rate(way, mode, 8));
    }
  const [direct, other, own] = ways.map(({ name }) => ({
    micros: 1e6 / median(one.get(name) ?? []),
    rate: median(eight.get(name) ?? []),
  }));
  if (!direct || !other || !own) return;
  const added = { other: other.micros - direct.micros, own: own.micros - direct.micros };
  console.log(`${mode} protocol`);
  for (const [index, { name }] of ways.entries()) {
    const { micros, rate: tps } = [direct, other, own][index] as typeof direct;
    console.log(
      `  ${name.padEnd(10)} 1 client ${micros.toFixed(0).padStart(5)} µs a statement` +
        ` (+ ${(micros - direct.micros).toFixed(0)} µs) · 8 clients ${tps.toFixed(0).padStart(6)} statements/s`,
    );
  }
  console.log(
    `  added with one client: ${(added.own / added.other).toFixed(2)} × pgbouncer's (at most 2)` +
      ` · rate with eight: ${(own.rate / other.rate).toFixed(2)} × pgbouncer's (at least 0.5)\n`,
  );
}

function note(rates: Map<string, number[]>, { name }: Way, value: number): void {
  rates.set(name, [...(rates.get(name) ?? []), value]);
}

async function rate(way: Way, mode: string, clients: number): Promise<number> {
  const said = await pgbench(way, ["-S", "-n", "-M", mode, "-c", String(clients), "-T", String(seconds)]);
  return Number(/tps = ([\d.]+)/.exec(said)?.[1]);
}

async function pgbench({ port }: Way, args: readonly string[]): Promise<string> {
  const target = ["-h", "127.0.0.1", "-p", String(port), "-U", server.username, server.pathname.slice(1)];
  const { stdout } = await run("pgbench", [...args, ...target], { env });
  return stdout;
}

/** Memory of the proxy's process over many statements; it is flat where the later half needs no more. */
async function memory(): Promise<void> {
  const each = Math.ceil(Number(values.statements) / 10);
  const seen: number[] = [];
  for (let part = 0; part < 10; part++) {
    const mode = part % 2 === 0 ? "simple" : "extended";
    await pgbench(ways[2] as Way, ["-S", "-n", "-M", mode, "-c", "8", "-t", String(Math.ceil(each / 8))]);
    const status = readFileSync(`/proc/${proxy.pid}/status`, "utf8");
    seen.push(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  }
  const [middle, last] = [Math.max(...seen.slice(2, 5)), Math.max(...seen.slice(7))];
  console.log(`memory over ${10 * each} statements: ${seen.map((one) => one.toFixed(0)).join(", ")} MB`);
  console.log(`  the last part ${(last - middle).toFixed(0)} MB above the third to fifth`);
}

async function startProxy() {
  const file = fileURLToPath(new URL("interleave/proxy.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", "-C", "source", file], {
    env: { ...process.env, DEADHEAT_DATABASE: postgres.url },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { pid: child.pid, port: Number(line), stop: () => child.stdin.end() };
}
