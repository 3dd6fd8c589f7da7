import type { IssuedToken } from "@deadheat/guard";
import { transaction } from "@deadheat/guard/parts";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Half } from "../half.ts";
import { Problem } from "../problem.ts";
import { CREDENTIALS, type Credentials } from "../schemas.ts";
import { hashPassword, passwordMatches } from "./password.ts";
import { KEEP_USER, SELECT_USER } from "./sql.ts";

const LIFETIME_SECONDS = 3600;

/** `POST /sessions`: each log-in gives a token of its own, beside those that the user already has. */
export function sessions(app: FastifyInstance, half: Half): void {
  // An unknown name costs the same work as a wrong password, and gets the same answer.
  const nobody = hashPassword("no such user");

  app.post<{ Body: Credentials }>("/sessions", { schema: { body: CREDENTIALS } }, async (request, reply) => {
    const { username, password } = request.body;
    const { rows } = await half.database.query(SELECT_USER, [username]);
    const matches = await passwordMatches(password, rows[0] ?? (await nobody));
    const issued = rows[0] && matches ? await issue(half, rows[0].id) : undefined;
    if (!issued) throw refused(reply);
    const session = { access_token: issued.token, token_type: "Bearer", expires_in: LIFETIME_SECONDS };
    return reply.code(201).header("cache-control", "no-store").send(session);
  });
}

/** Undefined where the user was deleted after the password had been looked at: nobody is let in then. */
function issue({ database, tokens }: Half, subject: string): Promise<IssuedToken | undefined> {
  return transaction(database, "read committed", undefined, async (tx) => {
    const { rowCount } = await tx.query(KEEP_USER, [subject]);
    return rowCount === 1 ? tokens.issue(tx, { subject, lifetimeSeconds: LIFETIME_SECONDS }) : undefined;
  });
}

function refused(reply: FastifyReply): Problem {
  reply.header("www-authenticate", 'Bearer realm="lab"');
  return new Problem(401, "Unauthorized", "The username or the password is wrong.");
}
