import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../labs/node/src/postgres/index.ts";
import { root } from "../support/command.ts";
import { freePort } from "../support/port.ts";

/**
 * Users live their lives while PostgreSQL ends connections and the server process is killed, again and again: what was
 * acknowledged has happened, once, and what was not has happened once or not at all.
 */
const OPERATIONS = Number(process.env.DEADHEAT_CHAOS ?? 10_000);
const USERS_AT_ONCE = 8;
const CONNECTION_KILL_MS = 60;
const SERVER_KILL_MS = 3_000;
const PASSWORD = "correct horse battery";

let postgres: Postgres;
let admin: pg.Pool;
let port = 0;
let server: ChildProcess | undefined;
let pipeline = false;
let over = false;
/** Nobody ends connections of a server that only begins: one whose migrations break off ends, and is right to. */
let up = false;
const counts = { operations: 0, unknown: 0, connections: 0, servers: 0 };
/** What servers that ended by themselves had to say. */
const crashes: string[] = [];

/** Its life begins when it answers. */
async function start(): Promise<void> {
  const args = [
    "--import",
    "tsx",
    "-C",
    "source",
    "tests/targets/guard-server.ts",
    postgres.url,
    String(port),
    ...(pipeline ? ["pipeline"] : []),
  ];
  up = false;
  const started = spawn(process.execPath, args, { cwd: root, stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  started.stderr.on("data", (text) => {
    said = (said + text).slice(-4_000);
  });
  started.on("close", (code, signal) => {
    if (signal === "SIGKILL") return;
    crashes.push(`code ${code}, signal ${signal}, connections ended so far ${counts.connections}: ${said}`);
    if (!over) void start();
  });
  server = started;
  // The one before may be what breaks off here.
  while ((await call("GET", "/profile")) === undefined) await sleep(50);
  if (server === started) up = true;
}

beforeAll(async () => {
  postgres = await startPostgres();
  admin = new pg.Pool({ connectionString: postgres.url, max: 3 });
  admin.on("error", () => {});
  port = await freePort();
}, 60_000);
afterAll(async () => {
  over = true;
  server?.kill("SIGKILL");
  await admin?.end();
  await postgres?.stop();
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each call knows its own answer
  readonly body: any;
}

/** Undefined where nobody knows what came of it: no answer, or one that says so. Waits for a server that is not up. */
async function call(
  method: string,
  path: string,
  token?: string,
  body?: object,
  key?: string,
): Promise<Answer | undefined> {
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(body ? { "content-type": "application/json" } : {}),
    ...(key ? { "idempotency-key": key } : {}),
  };
  const sent = body ? { body: JSON.stringify(body) } : {};
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...sent });
      const text = await response.text();
      counts.operations++;
      if (response.status < 500)
        return { status: response.status, body: text ? JSON.parse(text) : undefined };
      break;
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } };
      if (cause?.code === "ECONNREFUSED") {
        await sleep(50);
        continue;
      }
      counts.operations++;
      break;
    }
  }
  counts.unknown++;
  return undefined;
}

/** Until somebody knows. For what may be done more than once. */
async function insist(...request: Parameters<typeof call>): Promise<Answer> {
  for (;;) {
    const answer = await call(...request);
    if (answer && answer.status !== 409) return answer;
    await sleep(20);
  }
}

let users = 0;

async function life(): Promise<void> {
  const credentials = { username: `user-${++users}`, password: PASSWORD };
  // The first of two may have made it although nobody knew: the second is told that the name is taken.
  for (let known = false; !known; ) {
    const made = await call("POST", "/users", undefined, credentials);
    known = made?.status === 201 || made?.status === 409;
  }
  const logIn = async () => (await insist("POST", "/sessions", undefined, credentials)).body;
  const [own, watching] = [await logIn(), (await logIn()).access_token as string];
  const profile = async () =>
    (await insist("GET", "/profile", watching)).body as { points: number; balance: number };
  let [acknowledged, unknown, deposits] = [0, 0, 0];
  let session: { access_token: string; refresh_token: string } | undefined = own;
  const add = async () => {
    const answer = await call("POST", "/profile/points", session?.access_token ?? own.access_token, {
      points: 1,
    });
    if (answer?.status === 200) acknowledged++;
    if (answer === undefined) unknown++;
  };
  const deposit = async (key: string) => {
    const answers = await Promise.all(
      [1, 2].map(() => insist("POST", "/deposits", watching, { amount: 10 }, key)),
    );
    for (const { status, body } of answers) expect([status, body.amount]).toEqual([201, 10]);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    deposits++;
  };
  for (let round = 0; round < 3; round++) {
    await Promise.all([add(), add(), add(), deposit(`key-${round}`)]);
    const refreshed = await call("POST", "/tokens/refresh", undefined, {
      refresh_token: session?.refresh_token,
    });
    // Where nobody knows, to come again with the same one ends the session; where it is refused, one has.
    session = refreshed?.status === 200 ? refreshed.body : await logIn();
  }
  await codes(credentials.username);

  // Out, while others are at it.
  const token = session?.access_token ?? "";
  const busy = [add(), add(), add()];
  let out = await call("POST", "/logout", token);
  // A 401 to the second says that the first was done after all.
  while (out === undefined) out = await call("POST", "/logout", token);
  const after = await profile();
  await Promise.all(busy);
  expect((await insist("POST", "/profile/points", token, { points: 1 })).status, "after the log-out").toBe(
    401,
  );
  expect(await profile(), "an effect after the log-out").toEqual(after);
  expect(after.points, "acknowledged and lost").toBeGreaterThanOrEqual(acknowledged);
  expect(after.points, "done twice").toBeLessThanOrEqual(acknowledged + unknown);
  expect(after.balance, "each key once").toBe(10 * deposits);
}

/** Three come with the same code at once, and again where they do not know: one of them is let in, at most. */
async function codes(username: string): Promise<void> {
  const { id, code } = (await insist("POST", "/codes", undefined, { username })).body;
  const path = `/codes/${id}/redeem`;
  const redeemed = await Promise.all([1, 2, 3].map(() => call("POST", path, undefined, { code })));
  const letIn = redeemed.filter((answer) => answer?.status === 201).length;
  expect(letIn, "let in by one code").toBeLessThanOrEqual(1);
  if (!redeemed.includes(undefined)) expect(letIn).toBe(1);
}

async function endConnections(): Promise<void> {
  const kill = `
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = ''
   AND backend_type = 'client backend' AND state <> 'idle' ORDER BY random() LIMIT 1`;
  while (!over) {
    if (up) counts.connections += (await admin.query(kill)).rowCount ?? 0;
    await sleep(Math.random() * 2 * CONNECTION_KILL_MS);
  }
}

async function endServers(): Promise<void> {
  while (!over) {
    await sleep(SERVER_KILL_MS / 2 + Math.random() * SERVER_KILL_MS);
    if (over) return;
    server?.kill("SIGKILL");
    counts.servers++;
    await start();
  }
}

it.each([
  ["one statement after another", false],
  ["pipelined", true],
])(
  `keeps what it promises through ${OPERATIONS} operations, %s`,
  async (_name, pipelined) => {
    pipeline = pipelined;
    over = false;
    await start();
    Object.assign(counts, { operations: 0, unknown: 0, connections: 0, servers: 0 });
    const disturbances = [endConnections(), endServers()];
    const living = async () => {
      while (counts.operations < OPERATIONS) await life();
    };
    try {
      await Promise.all(Array.from({ length: USERS_AT_ONCE }, living));
    } finally {
      over = true;
      await Promise.all(disturbances);
      server?.kill("SIGKILL");
    }
    const one = async (text: string) => (await admin.query(text)).rows[0].n;
    // In the database as it is: no part of anything without the rest of it.
    expect(
      await one(`SELECT count(*)::int AS n FROM users WHERE balance <> 10 *
      (SELECT count(*) FROM guard.idempotency_keys WHERE subject = users.id::text AND answer IS NOT NULL)`),
      "a deposit without its key, or a key without its deposit",
    ).toBe(0);
    expect(await one("SELECT count(*)::int AS n FROM guard.idempotency_keys WHERE answer IS NULL")).toBe(0);
    expect(
      await one(`SELECT count(*)::int AS n FROM (SELECT session FROM guard.refresh_tokens WHERE used_at IS NULL
      GROUP BY session HAVING count(*) <> 1) AS several`),
      "sessions with several live refresh tokens",
    ).toBe(0);
    expect(
      await one(`SELECT count(*)::int AS n FROM guard.access_tokens JOIN guard.sessions ON sessions.id = session
      WHERE sessions.revoked_at IS NOT NULL AND access_tokens.revoked_at IS NULL`),
      "tokens that outlived their session",
    ).toBe(0);
    console.log(JSON.stringify({ ...counts, users }));
    expect(crashes, "servers that ended by themselves").toEqual([]);
    expect(counts.operations).toBeGreaterThanOrEqual(OPERATIONS);
    expect(counts.unknown, "operations that were hit").toBeGreaterThan(OPERATIONS / 200);
    expect(counts.servers).toBeGreaterThan(1);
    expect(counts.connections).toBeGreaterThan(10);
  },
  900_000,
);
