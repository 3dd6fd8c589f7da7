/**
 * An API that is right, whatever runs at the same time: log-ins by password and by code, sessions that refresh, a
 * log-out, points and deposits. `openapi.yaml` describes it, `tests/guard-api.test.ts` has deadheat scan it.
 */
import { scryptSync, timingSafeEqual } from "node:crypto";
import * as guards from "@deadheat/guard";
import { fastifyGuard } from "@deadheat/guard/fastify";
import { nodePostgres } from "@deadheat/guard/node-postgres";
import { migrations } from "@deadheat/guard/schema";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import pg from "pg";

const TABLES = `
CREATE TABLE IF NOT EXISTS users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, username text UNIQUE NOT NULL, password bytea NOT NULL,
  points integer NOT NULL DEFAULT 0, balance integer NOT NULL DEFAULT 0)`;
const LIFETIMES = { accessSeconds: 600, refreshSeconds: 86_400 };
const [TEXT, AMOUNT] = [
  { type: "string", minLength: 1, maxLength: 100 },
  { type: "integer", minimum: 1, maximum: 1000 },
];
const FIELDS = {
  username: TEXT,
  password: TEXT,
  refresh_token: TEXT,
  code: TEXT,
  points: AMOUNT,
  amount: AMOUNT,
};
const takes = (...names: (keyof typeof FIELDS)[]) => {
  const properties = Object.fromEntries(names.map((name) => [name, FIELDS[name]]));
  return { schema: { body: { type: "object", properties, required: names, additionalProperties: false } } };
};
interface Call {
  Params: { id: string };
  Body: Record<"username" | "password" | "refresh_token" | "code", string> &
    Record<"points" | "amount", number>;
}
const hash = (password: string, name: string) => scryptSync(password, `salt of ${name}`, 32, { N: 1024 });

export interface Api {
  readonly app: FastifyInstance;
  readonly guard: guards.Guard<pg.PoolClient>;
  readonly pool: guards.Queryable;
}

export async function buildApi(databaseUrl: string, options: pg.PoolConfig = {}): Promise<Api> {
  const own = new pg.Pool({ connectionString: databaseUrl, max: 25, ...options });
  own.on("error", () => {});
  const pool = nodePostgres(own);
  for (const { sql } of migrations()) await pool.query(sql);
  await pool.query(TABLES);
  const tokens = guards.opaqueTokens({ prefix: "team" });
  const sessions = guards.createSessions({ pool, tokens, prefix: "teamr" });
  const [codes, keys] = [guards.oneTimeCodes(), guards.idempotencyKeys()];
  const guard = guards.createGuard({ pool, tokens });
  const guarded = fastifyGuard(guard);

  const app = Fastify({ forceCloseConnections: true, ajv: { customOptions: { coerceTypes: false } } });
  app.addHook("onClose", () => own.end());
  app.setErrorHandler((error, _request, reply) => {
    const { status, headers, body } = guards.problemAnswer(error) ?? { status: 0, headers: {}, body: "" };
    return status === 0
      ? reply.send(error)
      : reply.code(status).headers(headers).serializer(String).send(body);
  });
  const refuse = (reply: FastifyReply, status: number, detail: string) =>
    reply.code(status).type("application/problem+json").send({ title: "Refused", status, detail });
  const session = ({ access, refreshToken }: guards.IssuedSession) => ({
    access_token: access.token,
    token_type: "Bearer",
    expires_in: LIFETIMES.accessSeconds,
    refresh_token: refreshToken,
  });

  app.post<Call>("/users", takes("username", "password"), async ({ body: { username, password } }, reply) => {
    const insert =
      "INSERT INTO users (username, password) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id::text";
    const { rows } = await pool.query(insert, [username, hash(password, username)]);
    return rows[0]
      ? reply.code(201).send({ id: rows[0].id, username })
      : refuse(reply, 409, "The name is taken.");
  });
  app.post<Call>(
    "/sessions",
    takes("username", "password"),
    async ({ body: { username, password } }, reply) => {
      const { rows } = await pool.query("SELECT id::text, password FROM users WHERE username = $1", [
        username,
      ]);
      if (!timingSafeEqual(hash(password, username), rows[0]?.password ?? Buffer.alloc(32)))
        return refuse(reply.header("www-authenticate", "Bearer"), 401, "The name or the password is wrong.");
      return reply.code(201).send(session(await sessions.open(pool, rows[0].id, LIFETIMES)));
    },
  );
  app.post<Call>("/tokens/refresh", takes("refresh_token"), async ({ body }, reply) => {
    const answer = await sessions.refresh(body.refresh_token, LIFETIMES);
    return answer.status === "refreshed" ? session(answer) : refuse(reply, 400, "That is worth nothing.");
  });
  app.post<Call>("/codes", takes("username"), async ({ body }, reply) => {
    const { rows } = await pool.query("SELECT id::text FROM users WHERE username = $1", [body.username]);
    // A real one would send the code by mail, and not back.
    const grant = { lifetimeSeconds: 600, ...(rows[0] ? { subject: rows[0].id } : {}) };
    return reply.code(201).send(await codes.issue(pool, grant));
  });
  app.post<Call>("/codes/:id/redeem", takes("code"), async ({ params, body }, reply) => {
    const subject = await codes.redeem(pool, params.id, body.code);
    if (subject === undefined) return refuse(reply, 400, "The code is wrong, used or too old.");
    return reply.code(201).send(session(await sessions.open(pool, subject, LIFETIMES)));
  });
  app.post("/logout", async ({ headers }, reply) => {
    await sessions.close(headers.authorization);
    return reply.code(204).send();
  });
  app.get(
    "/profile",
    guarded(async ({ tx, principal }) => {
      const select = "SELECT username, points, balance FROM users WHERE id = $1";
      return (await tx.query(select, [principal.subject])).rows[0];
    }),
  );
  app.post<Call>(
    "/profile/points",
    takes("points"),
    guarded<Call>(async ({ tx, principal }, { body }) => {
      await tx.query("UPDATE users SET points = points + $2 WHERE id = $1", [principal.subject, body.points]);
      return { status: "ok" };
    }),
  );
  app.post<Call>(
    "/deposits",
    takes("amount"),
    guarded<Call>(async (scope, { headers, body: { amount } }, reply) => {
      const request = { key: headers["idempotency-key"], request: ["POST /deposits", amount] };
      const add = "UPDATE users SET balance = balance + $2 WHERE id = $1 RETURNING balance";
      const deposit = () => scope.tx.query(add, [scope.principal.subject, amount]);
      const { answer } = await keys.once(scope, request, async () => ({
        amount,
        ...(await deposit()).rows[0],
      }));
      reply.code(201);
      return answer;
    }),
  );
  return { app, guard, pool };
}
