import { randomBytes } from "node:crypto";
import pg from "pg";
import { PostgresError } from "./errors.ts";

const PREFIX = "deadheat_lab_";

export interface Database {
  readonly url: string;
  readonly version: string;
  drop(): Promise<void>;
}

/**
 * A database of our own on a server that is already there. For as long as it is in use, a session
 * whose application_name is the database's name stays open: that tells the living from the left over.
 */
export async function createDatabase(databaseUrl: string): Promise<Database> {
  const name = `${PREFIX}${randomBytes(6).toString("hex")}`;
  const admin = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  // Losing this session is noticed by the next statement on it.
  admin.on("error", () => {});
  try {
    await admin.connect();
    await admin.query("SELECT set_config('application_name', $1, false)", [name]);
    await sweepDatabases(admin);
    await admin.query(`CREATE DATABASE ${name}`);
    const { rows } = await admin.query<{ server_version: string }>("SHOW server_version");
    return { url: withDatabase(databaseUrl, name), version: number(rows[0]?.server_version), drop };
  } catch (error) {
    await drop().catch(() => {});
    throw new PostgresError("database-url", `no database could be made there: ${(error as Error).message}`);
  }

  async function drop(): Promise<void> {
    try {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    } finally {
      await admin.end();
    }
  }
}

/** Without FORCE: a database that anybody is connected to is not left over. */
async function sweepDatabases(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    `SELECT datname FROM pg_database
      WHERE starts_with(datname, $1) AND pg_get_userbyid(datdba) = current_user
        AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = pg_database.datname)`,
    [PREFIX],
  );
  for (const { datname } of rows) {
    await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(datname)}`).catch(() => {});
  }
}

/** `15.18` of `15.18 (Debian 15.18-0+deb12u1)`. */
function number(version = ""): string {
  return version.split(" ")[0]!;
}

function withDatabase(databaseUrl: string, name: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}
