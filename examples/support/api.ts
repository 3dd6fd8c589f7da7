import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** What the API does between looking and writing, ms: a call to somebody else, a template, a slow line. */
const THINK_MS = 10;
export const think = () => sleep(THINK_MS);

export interface Call {
  readonly parameters: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: each handler knows its own body
  readonly body: any;
  /** Whose token came with it. */
  readonly user: number;
  readonly database: pg.Pool;
}

export type Handler = (call: Call) => Promise<readonly [status: number, body?: unknown]>;

export interface Api {
  readonly url: string;
  stop(): Promise<void>;
}

const USERS =
  "CREATE TABLE users (id serial PRIMARY KEY, token text NOT NULL UNIQUE DEFAULT gen_random_uuid())";

/** Serves routes by `METHOD /path/{}` on loopback, each server in a schema of its own. */
export async function serve(
  databaseUrl: string,
  tables: string,
  routes: Readonly<Record<string, Handler>>,
): Promise<Api> {
  const schema = `example_${Math.random().toString(36).slice(2)}`;
  const database = new pg.Pool({
    connectionString: databaseUrl,
    max: 12,
    options: `-c search_path=${schema}`,
  });
  database.on("error", () => {});
  await database.query(`CREATE SCHEMA ${schema}`);
  await database.query(`${USERS}; ${tables}`);
  const all: Readonly<Record<string, Handler>> = {
    ...routes,
    "POST /users": register,
    "DELETE /users/me": leave,
  };
  const server = createServer(async (request, response) => {
    const [status, body] = await answer(all, request, database).catch(
      () => [500, { error: "failed" }] as const,
    );
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.query(`DROP SCHEMA ${schema} CASCADE`);
      await database.end();
    },
  };
}

const register: Handler = async ({ database }) => {
  const { rows } = await database.query("INSERT INTO users DEFAULT VALUES RETURNING id, token");
  return [201, rows[0]];
};

const leave: Handler = async ({ user, database }) => {
  await database.query("DELETE FROM users WHERE id = $1", [user]);
  return [204];
};

async function answer(
  routes: Readonly<Record<string, Handler>>,
  request: IncomingMessage,
  database: pg.Pool,
) {
  const { method = "GET", url = "/", headers } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const parts = url.split("/").slice(1);
  const isParameter = (part: string) => /^\d+$/.test(part);
  const route = `${method} /${parts.map((part) => (isParameter(part) ? "{}" : part)).join("/")}`;
  const handle = routes[route];
  if (!handle) return [404, { error: "no such route" }] as const;
  const token = headers.authorization?.replace(/^Bearer /, "") ?? "";
  const { rows } = await database.query("SELECT id FROM users WHERE token = $1", [token]);
  if (!rows[0] && route !== "POST /users") return [401, { error: "no such token" }] as const;
  const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
  return handle({ parameters: parts.filter(isParameter), body, user: rows[0]?.id ?? 0, database });
}

/** Rolls back where `work` throws. */
export async function transaction<T>(
  database: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await database.connect();
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
