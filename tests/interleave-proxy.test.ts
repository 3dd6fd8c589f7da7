import { execFile, spawn } from "node:child_process";
import { connect, Socket } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../labs/node/src/postgres/index.ts";
import type { Observer } from "../packages/deadheat/src/interleave/proxy/observer.ts";
import { DatabaseProxy } from "../packages/deadheat/src/interleave/proxy/proxy.ts";
import { lacking } from "./support/debian.ts";
import { through } from "./support/viewed.ts";

const run = promisify(execFile);
let postgres: Postgres;
let proxy: DatabaseProxy;
const clients: pg.Client[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  proxy = await DatabaseProxy.open({ database: postgres.url });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.end().catch(() => {});
  await proxy.close();
});

async function client(): Promise<pg.Client> {
  const one = new pg.Client({ connectionString: through(postgres.url, proxy.port) });
  one.on("error", () => {});
  await one.connect();
  clients.push(one);
  return one;
}

const looks: Observer = { statement: () => undefined, answered: () => {} };

describe.each([
  ["nobody looks", undefined],
  ["somebody looks", looks],
])("node-postgres through the proxy while %s", (_name, observer) => {
  it("queries, prepares, fails, and goes on", async () => {
    if (observer) proxy.observe(observer);
    const one = await client();
    expect((await one.query("SELECT 1 AS a")).rows).toEqual([{ a: 1 }]);
    const prepared = { name: "add", text: "SELECT $1::int + $2::int AS sum" };
    for (const n of [1, 2, 3])
      expect((await one.query({ ...prepared, values: [n, n] })).rows).toEqual([{ sum: 2 * n }]);
    await expect(one.query("SELECT nothing")).rejects.toMatchObject({ code: "42703" });
    const long = "x".repeat(300_000);
    expect((await one.query("SELECT $1::text AS t", [long])).rows[0].t).toBe(long);
    const { rows } = await one.query("SELECT repeat('y', 1000) AS t FROM generate_series(1, 5000)");
    expect(rows).toHaveLength(5000);
  });

  it("is notified", async () => {
    if (observer) proxy.observe(observer);
    const [listener, sender] = [await client(), await client()];
    await listener.query("LISTEN news");
    const heard = new Promise<pg.Notification>((resolve) => listener.on("notification", resolve));
    const { rows } = await sender.query("SELECT pg_backend_pid() AS pid");
    await sender.query("NOTIFY news, 'hello'");
    expect(await heard).toMatchObject({ channel: "news", payload: "hello", processId: rows[0].pid });
  });
});

/** What comes before a statement is at work cancels nothing. */
async function asleep(pid: number): Promise<void> {
  const other = new pg.Client({ connectionString: postgres.url });
  await other.connect();
  const sleeps = "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'";
  await expect.poll(async () => (await other.query(sleeps, [pid])).rowCount, { timeout: 30_000 }).toBe(1);
  await other.end();
}

it("cancels with the key that it gave to the client, and with no other", async () => {
  const one = (await client()) as pg.Client & { processID: number; secretKey: number };
  const { rows } = await one.query("SELECT pg_backend_pid() AS pid");
  expect(one.processID).toBe(rows[0].pid);
  const cancel = (secret: number) => {
    const packet = Buffer.alloc(16);
    for (const [index, value] of [16, 80877102, one.processID, secret].entries())
      packet.writeInt32BE(value | 0, 4 * index);
    const socket = connect(proxy.port, "127.0.0.1");
    socket.end(packet);
    return new Promise((resolve) => socket.on("close", resolve).resume());
  };
  const sleeping = one.query("SELECT pg_sleep(30)");
  const refused = expect(sleeping).rejects.toMatchObject({ code: "57014" });
  await asleep(one.processID);
  await cancel(one.secretKey ^ 1);
  const waiting = Symbol("waiting");
  const later = new Promise((resolve) => setTimeout(() => resolve(waiting), 200));
  expect(await Promise.race([sleeping.catch(() => "cancelled"), later])).toBe(waiting);
  await cancel(one.secretKey);
  await refused;
});

/** A connection of node-postgres, which speaks 3.0, that asks for 3.2; and the secret that it is then given. */
function asking32(): { stream: Socket; secret: Promise<Buffer> } {
  const stream = new Socket();
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = ((chunk: Buffer, ...rest: unknown[]) => {
    if (chunk.length >= 8 && chunk.readInt32BE(4) === 196_608) chunk.writeInt32BE(196_610, 4);
    return write(chunk, ...rest);
  }) as Socket["write"];
  const secret = new Promise<Buffer>((resolve) => {
    let seen: Buffer = Buffer.alloc(0);
    stream.on("data", (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      for (let at = 0; at + 5 <= seen.length; at += 1 + seen.readInt32BE(at + 1))
        if (seen[at] === "K".charCodeAt(0)) resolve(seen.subarray(at + 9, at + 1 + seen.readInt32BE(at + 1)));
    });
  });
  return { stream, secret };
}

it("speaks 3.2 where both ends do: a long secret, which cancels as well as a short one", async () => {
  const { stream, secret } = asking32();
  const one = new pg.Client({
    connectionString: through(postgres.url, proxy.port),
    stream: () => stream,
  }) as pg.Client & { processID: number };
  one.on("error", () => {});
  await one.connect();
  clients.push(one);
  const key = await secret;
  // A server before PostgreSQL 18 goes down to 3.0.
  const { rows } = await one.query("SHOW server_version_num");
  expect(key).toHaveLength(Number(rows[0].server_version_num) >= 180_000 ? 32 : 4);
  const sleeping = expect(one.query("SELECT pg_sleep(20)")).rejects.toMatchObject({ code: "57014" });
  const packet = Buffer.concat([Buffer.alloc(12), key]);
  for (const [index, value] of [packet.length, 80877102, one.processID].entries())
    packet.writeInt32BE(value | 0, 4 * index);
  await asleep(one.processID);
  connect(proxy.port, "127.0.0.1").end(packet);
  await sleeping;
});

it("holds a statement, and lets go of everything when it ends", async () => {
  const one = await client();
  const other = new pg.Client({ connectionString: postgres.url });
  await other.connect();
  await other.query("CREATE TABLE IF NOT EXISTS held (n int)");
  let reached = () => {};
  const held = new Promise<void>((resolve) => {
    reached = resolve;
  });
  proxy.observe({
    statement({ text }) {
      if (!text.includes("UPDATE held")) return undefined;
      reached();
      return new Promise(() => {});
    },
    answered: () => {},
  });
  await one.query("BEGIN");
  await one.query("INSERT INTO held VALUES (1)");
  await one.query("LOCK TABLE held");
  const update = one.query("UPDATE held SET n = 2").catch((error: Error) => error.message);
  await held;
  await proxy.close();
  expect(await update).toMatch(/terminated/);
  // The server has rolled back: the lock is free, and nothing was written.
  expect((await other.query("SELECT * FROM held")).rows).toEqual([]);
  await other.query("DROP TABLE held");
  await other.end();
  proxy = await DatabaseProxy.open({ database: postgres.url });
});

it("lets go of everything when it is killed", async () => {
  const other = new pg.Client({ connectionString: postgres.url });
  await other.connect();
  await other.query("CREATE TABLE IF NOT EXISTS held (n int)");
  const script = fileURLToPath(new URL("support/holding-proxy.ts", import.meta.url));
  const killed = spawn(process.execPath, ["--import", "tsx", "-C", "source", script], {
    env: { ...process.env, DEADHEAT_DATABASE: postgres.url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const said = createInterface({ input: killed.stdout })[Symbol.asyncIterator]();
    const one = new pg.Client({ connectionString: through(postgres.url, Number((await said.next()).value)) });
    one.on("error", () => {});
    await one.connect();
    await one.query("BEGIN");
    await one.query("INSERT INTO held VALUES (1)");
    await one.query("LOCK TABLE held");
    const update = one.query("UPDATE held SET n = 2").catch((error: Error) => error.message);
    expect((await said.next()).value).toBe("held");
    killed.kill("SIGKILL");
    expect(await update).toMatch(/terminated|reset/i);
    // Waits for the lock as long as the server has not rolled back.
    expect((await other.query("SELECT * FROM held")).rows).toEqual([]);
  } finally {
    killed.kill("SIGKILL");
    await other.query("DROP TABLE held");
    await other.end();
  }
});

const PIPELINED = ["-n", "-M", "extended", "-c", "4", "-t", "25", "-f", "/dev/stdin"];

async function balance(at: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const query = "SELECT abalance FROM pgbench_accounts WHERE aid = 7";
  const { stdout } = await run("psql", [...at, "-qAtc", query, new URL(postgres.url).pathname.slice(1)], {
    env,
  });
  return Number(stdout);
}

it("psql and pgbench go through unharmed, COPY and pipelines too", async ({ skip }) => {
  const { username, password, pathname } = new URL(postgres.url);
  const at = ["-h", "127.0.0.1", "-p", String(proxy.port), "-U", username];
  const env = { ...process.env, PGPASSWORD: password };
  const reason = await lacking({
    "postgresql-client": ["psql", "--version"],
    "postgresql-contrib": ["pgbench", "--version"],
  });
  if (reason !== undefined) skip(reason);
  for (const observer of [undefined, looks]) {
    const stop = observer ? proxy.observe(observer) : () => {};
    const commands = [
      "CREATE TEMP TABLE t (a int, b text)",
      "\\copy t FROM PROGRAM 'seq 1 5000 | sed s/$/,x/' CSV",
      "SELECT count(*), sum(a) FROM t",
    ];
    const { stdout } = await run(
      "psql",
      [...at, "-qAt", "-v", "ON_ERROR_STOP=1", ...commands.flatMap((one) => ["-c", one]), pathname.slice(1)],
      { env },
    );
    expect(stdout.trim()).toBe("5000|12502500");
    await run("pgbench", [...at, "-i", "-q", "-s", "1", pathname.slice(1)], { env });
    for (const mode of ["simple", "extended", "prepared"]) {
      const { stdout: said } = await run(
        "pgbench",
        [...at, "-n", "-M", mode, "-c", "4", "-t", "25", pathname.slice(1)],
        { env },
      );
      expect(said).toMatch(/actually processed: 100\/100/);
    }
    // Several statements are under way before the first is answered (PostgreSQL documentation, 53.2.4).
    const pipeline = [
      "\\startpipeline",
      "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = 7;",
      "SELECT abalance FROM pgbench_accounts WHERE aid = 7;",
      "\\endpipeline",
      "",
    ].join("\n");
    const before = await balance(at, env);
    await run(
      "sh",
      ["-c", 'printf %s "$0" | pgbench "$@"', pipeline, ...at, ...PIPELINED, pathname.slice(1)],
      { env },
    );
    expect((await balance(at, env)) - before).toBe(100);
    stop();
  }
}, 60_000);
