import pg from "pg";
import { type Call, type Reply, serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

/**
 * `throttled`: requests are let through one by one, so far apart that the next one comes when the last one is done; what
 * is let through reads and writes in two statements. `in one statement`: the sum is made by the statement that inserts
 * it. `in memory`: the database hears nothing of it. `in memory, noted`: beside its own points it notes each call in the
 * database, as an audit does. `one at a time`: a server with one thread. `read for share`: in one transaction, under a
 * lock that two may hold, so that neither gets the one that it needs to write. `read for share, again`: what lost in
 * such a wait is tried again.
 */
export type Keeping =
  | "throttled"
  | "in one statement"
  | "in memory"
  | "in memory, noted"
  | "one at a time"
  | "read for share"
  | "read for share, again";

const APART_MS = 25;
const TABLES = `
  CREATE TABLE IF NOT EXISTS players (name text PRIMARY KEY, points int NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS totals (name text NOT NULL, total int NOT NULL)`;
/** Both of two that run at once read the same sum; the pause only makes that likely. */
const INSERT_SUM = `
  INSERT INTO totals SELECT $1, old.total + $2 FROM
    (SELECT coalesce(max(total), 0) AS total FROM totals WHERE name = $1) old, pg_sleep(0.02)`;

/** The points API with its points in PostgreSQL; tokens stay in memory. */
export async function inDatabaseTarget(databaseUrl: string, keeping: Keeping): Promise<Target> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 25 });
  pool.on("error", () => {});
  await pool.query(TABLES);
  const players = new Players();
  const routes = pointsRoutes(players);
  const kept = keeping.startsWith("in memory") ? {} : handlers(pool, players, keeping);
  const target = await serve({ ...routes, ...kept }, pointsDocument(), around(keeping, pool));
  return {
    ...target,
    async stop() {
      await target.stop();
      await pool.end();
    },
  };
}

function handlers(pool: pg.Pool, players: Players, keeping: Keeping) {
  const of = (name: string) =>
    keeping === "in one statement"
      ? pool.query("SELECT coalesce(max(total), 0) AS points FROM totals WHERE name = $1", [name])
      : pool.query("SELECT points FROM players WHERE name = $1", [name]);
  const points = async (name: string): Promise<number> => (await of(name)).rows[0]?.points ?? 0;
  return {
    "GET /me": async ({ token }: Call): Promise<Reply> => {
      const player = players.byToken.get(token);
      return player ? { status: 200, body: { points: await points(player.name) } } : unauthorized;
    },
    "POST /points": async ({ token, body }: Call): Promise<Reply> => {
      const player = players.byToken.get(token);
      if (!player) return unauthorized;
      if (keeping === "in one statement") await pool.query(INSERT_SUM, [player.name, body.points]);
      else if (keeping === "read for share") return addUnderSharedLock(pool, player.name, body.points);
      else if (keeping === "read for share, again") return again(pool, player.name, body.points);
      else {
        const sum = (await points(player.name)) + body.points;
        const save = "INSERT INTO players VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET points = $2";
        await pool.query(save, [player.name, sum]);
      }
      return { status: 200, body: {} };
    },
  };
}

async function again(pool: pg.Pool, name: string, points: number): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    const reply = await addUnderSharedLock(pool, name, points);
    if (reply.status === 200 || attempt === 5) return reply;
  }
}

async function addUnderSharedLock(pool: pg.Pool, name: string, points: number): Promise<Reply> {
  await pool.query("INSERT INTO players VALUES ($1, 0) ON CONFLICT DO NOTHING", [name]);
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const { rows } = await client.query("SELECT points FROM players WHERE name = $1 FOR SHARE", [name]);
    await client.query("UPDATE players SET points = $2 WHERE name = $1", [name, rows[0].points + points]);
    await client.query("COMMIT");
    return { status: 200, body: {} };
  } catch {
    await client.query("ROLLBACK");
    return { status: 500, body: {} };
  } finally {
    client.release();
  }
}

type Around = (call: Call, handle: () => Promise<Reply>) => Promise<Reply>;

function around(keeping: Keeping, pool: pg.Pool): Around {
  let turn = Promise.resolve();
  let next = 0;
  if (keeping === "one at a time")
    return (_call, handle) => {
      const reply = turn.then(handle);
      turn = reply.then(
        () => {},
        () => {},
      );
      return reply;
    };
  return async ({ method, path }, handle) => {
    if (keeping === "in memory, noted") {
      await pool.query("SELECT 1 FROM players WHERE name = $1", [path]);
      if (method === "POST") await pool.query("INSERT INTO totals VALUES ($1, 1)", [path]);
    }
    if (keeping === "throttled" && method === "POST" && path === "/points") {
      const now = performance.now();
      next = Math.max(now, next + APART_MS);
      await sleep(next - now);
    }
    return handle();
  };
}
