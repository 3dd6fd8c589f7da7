import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type Postgres, startPostgres } from "@deadheat/lab/postgres";
import { havePackages } from "./debian/install.ts";
import { LabError } from "./errors.ts";
import { createHome, removeHome } from "./home.ts";
import type { LabSwitches } from "./options.ts";
import type { Server } from "./server/child.ts";
import { APP, startDjango } from "./server/django.ts";
import { startNginx } from "./server/nginx.ts";
import { mustBeFree } from "./server/port.ts";

const run = promisify(execFile);
const READY_MS = 20_000;
export const DOCUMENTS = ["token", "bearer", "jwt", "listings"] as const;

/** What the lab says of itself when it is ready. */
export interface LabFacts {
  readonly url: string;
  /** The file of each API document. */
  readonly documents: Readonly<Record<(typeof DOCUMENTS)[number], string>>;
  /** `PostgreSQL 15.18`, or `SQLite`. */
  readonly database: string;
  /** `Django 3.2.25, gunicorn 2 × 8`. */
  readonly server: string;
  /** A certificate to trust, where the lab is reached over TLS. */
  readonly certificate: string | undefined;
}

export interface Serving {
  readonly facts: LabFacts;
  /** Settles when a part of it has ended by itself, with its name. */
  readonly gone: Promise<string>;
  stop(): Promise<void>;
}

/** Starts all of it in this process's care. Whatever was started is stopped where a later part fails. */
export async function serve(
  switches: LabSwitches,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<Serving> {
  await mustBeFree(switches.port);
  const { django } = await havePackages(switches, log, signal);
  signal.throwIfAborted();
  const home = await createHome();
  const servers: Server[] = [];
  let postgres: Postgres | undefined;
  const stop = async () => {
    // Last in, first out: nginx would answer 502 for a Django that is gone.
    for (const server of servers.splice(0).reverse()) await server.stop();
    await postgres?.stop();
    await removeHome(home);
  };
  try {
    if (switches.database === "postgres") postgres = await throwAway(switches, signal, log);
    const env = environment(switches, home, postgres?.url ?? join(home, "db.sqlite3"));
    await prepare(switches, home, env, signal);
    const front = switches.front === "none" ? undefined : switches.front;
    const started = await startDjango(switches, front ? 0 : switches.port, env, log);
    servers.push(started.server);
    await answers(started.port, signal);
    const nginx = front && (await startNginx(switches, started.port, home, log));
    if (nginx) servers.push(nginx.server);
    signal.throwIfAborted();
    const facts = {
      url: nginx?.url ?? `http://127.0.0.1:${started.port}`,
      documents: documentsIn(home),
      database: postgres ? `PostgreSQL ${postgres.version}, ${switches.isolation}` : "SQLite",
      server: `Django ${django}, ${nameOf(switches)}`,
      certificate: nginx?.certificate,
    };
    const gone = Promise.race([
      ...(postgres ? [postgres.closed.then(() => "the database server")] : []),
      started.server.gone.then(() => switches.server),
      ...(nginx ? [nginx.server.gone.then(() => "nginx")] : []),
    ]);
    return { facts, gone, stop };
  } catch (error) {
    await stop();
    if (signal.aborted) throw new LabError("interrupted", "called off before the lab was ready");
    throw error;
  }
}

async function throwAway(switches: LabSwitches, signal: AbortSignal, log: (line: string) => void) {
  // Each thread keeps a connection, and a killed worker's ones linger.
  const maxConnections = 2 * switches.workers * switches.threads + 20;
  return startPostgres({ signal, onLog: log, maxConnections }).catch((error) => {
    if (error.code !== "no-postgres" && error.code !== "database-url") throw error;
    throw new LabError("no-postgres", error.message, { cause: error, hint: error.hint });
  });
}

function environment(switches: LabSwitches, home: string, database: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    ...{ HOME: home, LC_ALL: "C.UTF-8", TZ: "UTC", TMPDIR: home },
    // No traces in the checkout, and lines as they are written.
    ...{ PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" },
    ...{ DJANGO_SETTINGS_MODULE: "lab.settings", LAB_DATABASE: database },
    LAB_SECRET_KEY: randomBytes(48).toString("base64url"),
    LAB_ISOLATION: switches.isolation,
    LAB_ATOMIC_REQUESTS: switches.atomicRequests ? "1" : "0",
    LAB_THINK_MS: String(switches.think),
  };
}

async function prepare(
  switches: LabSwitches,
  home: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(join(home, "documents"));
  const args = ["manage.py", "prepare", join(home, "documents")];
  await run(switches.python, args, { cwd: APP, env, signal }).catch((cause) => {
    const last = String(cause.stderr ?? cause.message)
      .trim()
      .split("\n")
      .at(-1);
    throw new LabError("start-failed", `manage.py prepare failed: ${last}`, { cause });
  });
}

function documentsIn(home: string): LabFacts["documents"] {
  const files = DOCUMENTS.map((name) => [name, join(home, "documents", `${name}.yaml`)]);
  return Object.fromEntries(files) as LabFacts["documents"];
}

/** Waits until a worker has loaded the application: the listening socket is there before. */
async function answers(port: number, signal: AbortSignal): Promise<void> {
  const url = `http://127.0.0.1:${port}/alive/`;
  const end = performance.now() + READY_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      const { status } = await fetch(url, { signal: AbortSignal.timeout(READY_MS) });
      if (status === 200) return;
      throw new LabError("start-failed", `the application answers ${status} to ${url}`);
    } catch (error) {
      if (error instanceof LabError || performance.now() > end) throw error;
    }
    await sleep(50);
  }
}

function nameOf({ server, workers, threads, front }: LabSwitches): string {
  const own = server === "gunicorn" ? `gunicorn ${workers} × ${threads}` : `uvicorn ${workers}`;
  const through = {
    none: "",
    http1: " behind nginx",
    h2: " behind nginx (HTTP/2, TLS)",
    h2c: " behind nginx (HTTP/2)",
  };
  return own + through[front];
}
