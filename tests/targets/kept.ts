import { connect, type Socket } from "node:net";
import pg from "pg";
import { type Call, newToken, type Reply, serve, sleep, type Target } from "./api.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

/**
 * An API whose tokens are rows in PostgreSQL: each call notes itself in the token's row, each read looks the token up.
 * Where its points are, is another matter.
 */
export interface PointsStore {
  points(name: string): Promise<number>;
  /** `false` where it is refused. */
  add(name: string, points: number): Promise<boolean>;
}

export type Kept = keyof typeof STORES | "redis";

const TABLES = `
  CREATE TABLE IF NOT EXISTS member_tokens (token text PRIMARY KEY, name text, calls int NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS accounts (name text PRIMARY KEY, points int NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS entries (name text NOT NULL, points int NOT NULL);
  CREATE TABLE IF NOT EXISTS watched_entries (name text NOT NULL, points int NOT NULL);
  CREATE OR REPLACE FUNCTION add_points(who text, many int) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE old int;
    BEGIN
      SELECT points INTO old FROM accounts WHERE name = who;
      PERFORM pg_sleep(0.01);
      UPDATE accounts SET points = old + many WHERE name = who;
    END $$;
  CREATE OR REPLACE FUNCTION add_watched() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM add_points(NEW.name, NEW.points); RETURN NEW; END $$;
  CREATE OR REPLACE TRIGGER adds AFTER INSERT ON watched_entries FOR EACH ROW EXECUTE FUNCTION add_watched();`;
/** Between a read and the write that follows it. */
const GAP_MS = 10;

/** Each makes one; `in a row`, `in entries` and `in cents` are right. */
const STORES = {
  "in a row": (pool: pg.Pool): PointsStore => ({
    points: (name) => shown(pool, name),
    add: (name, points) =>
      transaction(pool, async (client) => {
        const locked = "SELECT points FROM accounts WHERE name = $1 FOR UPDATE";
        const { rows } = await client.query(locked, [name]);
        await client.query(SAVE, [name, rows[0].points + points]);
      }),
  }),
  "in entries": (pool: pg.Pool): PointsStore => ({
    async points(name) {
      const { rows } = await pool.query("SELECT points FROM entries WHERE name = $1", [name]);
      return rows.reduce((sum, row) => sum + row.points, 0);
    },
    async add(name, points) {
      await pool.query("INSERT INTO entries VALUES ($1, $2)", [name, points]);
      return true;
    },
  }),
  "in cents": (pool: pg.Pool): PointsStore => ({
    points: async (name) => (await shown(pool, name)) / 100,
    add: (name, points) =>
      transaction(pool, async (client) => {
        const locked = "SELECT points FROM accounts WHERE name = $1 FOR UPDATE";
        const { rows } = await client.query(locked, [name]);
        await client.query(SAVE, [name, rows[0].points + 100 * points]);
      }),
  }),
  "in memory": (): PointsStore => inMemory(),
  /** Written to the database as well; read from there the first time only. */
  "in a cache": (pool: pg.Pool): PointsStore => {
    const cache = inMemory();
    return {
      ...cache,
      async add(name, points) {
        await cache.add(name, points);
        await pool.query(SAVE, [name, await cache.points(name)]);
        return true;
      },
    };
  },
  /** Written to the database when the call has been answered; its row is read, its points are not. */
  "written behind": (pool: pg.Pool): PointsStore => {
    const memory = inMemory();
    return {
      async points(name) {
        await shown(pool, name);
        return memory.points(name);
      },
      async add(name, points) {
        await memory.add(name, points);
        setTimeout(async () => pool.query(SAVE, [name, await memory.points(name)]).catch(() => {}), GAP_MS);
        return true;
      },
    };
  },
  "by a function": (pool: pg.Pool): PointsStore => ({
    points: (name) => shown(pool, name),
    async add(name, points) {
      await pool.query("SELECT add_points($1, $2)", [name, points]);
      return true;
    },
  }),
  "by a trigger": (pool: pg.Pool): PointsStore => ({
    points: (name) => shown(pool, name),
    async add(name, points) {
      await pool.query("INSERT INTO watched_entries VALUES ($1, $2)", [name, points]);
      return true;
    },
  }),
  /** Three calls count, one point each: how many there were is known in memory, what they gave is in the database. */
  "counted in memory": (pool: pg.Pool): PointsStore => {
    const counts = inMemory();
    return {
      async points(name) {
        const { rows } = await pool.query("SELECT points FROM entries WHERE name = $1", [name]);
        return rows.length;
      },
      async add(name) {
        if ((await counts.points(name)) >= 3) return false;
        await counts.add(name, 1);
        await pool.query("INSERT INTO entries VALUES ($1, 1)", [name]);
        return true;
      },
    };
  },
};

const SAVE = "UPDATE accounts SET points = $2 WHERE name = $1";

async function shown(pool: pg.Pool, name: string): Promise<number> {
  return (await pool.query("SELECT points FROM accounts WHERE name = $1", [name])).rows[0].points;
}

function inMemory(): PointsStore {
  const kept = new Map<string, number>();
  return {
    points: async (name) => kept.get(name) ?? 0,
    async add(name, points) {
      const old = kept.get(name) ?? 0;
      await sleep(GAP_MS);
      kept.set(name, old + points);
      return true;
    },
  };
}

/** Speaks as much of RESP as GET and SET need (redis.io, Redis serialization protocol). */
export function inRedis(port: number): PointsStore & { close(): void } {
  const socket = connect(port, "127.0.0.1");
  let last = Promise.resolve("");
  const say = (...words: string[]): Promise<string> => {
    last = last.then(() => exchange(socket, words));
    return last;
  };
  const points = async (name: string) => Number((await say("GET", name)).split("\r\n")[1] ?? 0);
  return {
    points,
    async add(name, more) {
      const old = await points(name);
      await sleep(GAP_MS);
      await say("SET", name, String(old + more));
      return true;
    },
    close: () => void socket.destroy(),
  };
}

function exchange(socket: Socket, words: readonly string[]): Promise<string> {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  socket.write(`*${words.length}\r\n${parts.join("")}`);
  return new Promise((resolve) => {
    let text = "";
    const heard = (chunk: Buffer) => {
      text += chunk;
      // `$-1`, `+OK`, or `$1`, and the value after it.
      const lines = text.split("\r\n").length - 1;
      if (lines < (/^\$\d/.test(text) ? 2 : 1)) return;
      socket.off("data", heard);
      resolve(text);
    };
    socket.on("data", heard);
  });
}

async function transaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await work(client);
    await client.query("COMMIT");
    return true;
  } finally {
    client.release();
  }
}

export async function keptTarget(
  databaseUrl: string,
  kept: keyof typeof STORES | PointsStore,
): Promise<Target> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  pool.on("error", () => {});
  await pool.query(TABLES);
  const store = typeof kept === "string" ? STORES[kept](pool) : kept;
  const players = new Players();
  const caller = async ({ token }: Call): Promise<string | undefined> =>
    (await pool.query("SELECT * FROM member_tokens WHERE token = $1", [token])).rows[0]?.name;
  const target = await serve(
    {
      ...pointsRoutes(players),
      "POST /signin": async ({ body }) => {
        if (!players.signIn(body.username, body.password)) return unauthorized;
        const token = newToken();
        await pool.query("INSERT INTO member_tokens VALUES ($1, $2)", [token, body.username]);
        await pool.query("INSERT INTO accounts VALUES ($1) ON CONFLICT DO NOTHING", [body.username]);
        return { status: 200, body: { token } };
      },
      "POST /signout": async ({ token }) => {
        const { rowCount } = await pool.query("DELETE FROM member_tokens WHERE token = $1", [token]);
        return rowCount ? { status: 204 } : unauthorized;
      },
      "GET /me": async (call): Promise<Reply> => {
        const name = await caller(call);
        return name === undefined
          ? unauthorized
          : { status: 200, body: { points: await store.points(name) } };
      },
      "POST /points": async (call): Promise<Reply> => {
        const name = await caller(call);
        if (name === undefined) return unauthorized;
        await pool.query("UPDATE member_tokens SET calls = calls + 1 WHERE token = $1", [call.token]);
        return (await store.add(name, call.body.points))
          ? { status: 200, body: {} }
          : { status: 409, body: { error: "used up" } };
      },
    },
    pointsDocument(),
  );
  return {
    ...target,
    async stop() {
      await target.stop();
      await pool.end();
    },
  };
}
