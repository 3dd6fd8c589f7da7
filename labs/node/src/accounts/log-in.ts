import { type Queryable, transaction } from "@deadheat/guard";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Database } from "../database/pool.ts";
import { Problem } from "../problem.ts";
import type { Credentials } from "../schemas.ts";
import { hashPassword, passwordMatches } from "./password.ts";
import { KEEP_USER, SELECT_USER } from "./sql.ts";

export interface LogIn<Body extends Credentials> {
  readonly path: string;
  /** JSON Schema. */
  readonly body: object;
  /** What the user is let in with: the answer. Runs while the user cannot be deleted. */
  open(tx: Queryable, userId: string, body: Body): Promise<object>;
}

/** A log-in by name and password. */
export function logIn<Body extends Credentials>(
  app: FastifyInstance,
  database: Database,
  { path, body, open }: LogIn<Body>,
): void {
  // An unknown name costs the same work as a wrong password, and gets the same answer.
  const nobody = hashPassword("no such user");

  app.post<{ Body: Body }>(path, { schema: { body } }, async (request, reply) => {
    const { username, password } = request.body as Body;
    const { rows } = await database.query(SELECT_USER, [username]);
    const matches = await passwordMatches(password, rows[0] ?? (await nobody));
    if (!rows[0] || !matches) throw refused(reply);
    const { id } = rows[0];
    const session = await whileUserExists(database, id, (tx) => open(tx, id, request.body as Body));
    if (!session) throw refused(reply);
    return reply.code(201).header("cache-control", "no-store").send(session);
  });
}

/** Undefined where the user has been deleted, be it after the password was looked at: nobody is let in then. */
export function whileUserExists<T>(
  database: Database,
  userId: string,
  work: (tx: Queryable) => Promise<T>,
): Promise<T | undefined> {
  return transaction(database, {}, async ({ tx }) => {
    const { rowCount } = await tx.query(KEEP_USER, [userId]);
    return rowCount === 1 ? work(tx) : undefined;
  });
}

function refused(reply: FastifyReply): Problem {
  reply.header("www-authenticate", 'Bearer realm="lab"');
  return new Problem(401, "Unauthorized", "The username or the password is wrong.");
}
