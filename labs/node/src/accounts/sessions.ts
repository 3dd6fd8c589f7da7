import type { FastifyInstance } from "fastify";
import type { Half } from "../half.ts";
import { Problem } from "../problem.ts";
import { CREDENTIALS, type Credentials } from "../schemas.ts";
import { hashPassword, passwordMatches } from "./password.ts";
import { SELECT_USER } from "./sql.ts";

const LIFETIME_SECONDS = 3600;

/** `POST /sessions`: each log-in gives a token of its own, beside those that the user already has. */
export function sessions(app: FastifyInstance, { database, tokens }: Half): void {
  // An unknown name costs the same work as a wrong password, and gets the same answer.
  const nobody = hashPassword("no such user");

  app.post<{ Body: Credentials }>("/sessions", { schema: { body: CREDENTIALS } }, async (request, reply) => {
    const { username, password } = request.body;
    const { rows } = await database.query(SELECT_USER, [username]);
    const matches = await passwordMatches(password, rows[0] ?? (await nobody));
    if (!rows[0] || !matches) {
      reply.header("www-authenticate", 'Bearer realm="lab"');
      throw new Problem(401, "Unauthorized", "The username or the password is wrong.");
    }
    const grant = { subject: rows[0].id, lifetimeSeconds: LIFETIME_SECONDS };
    const { token } = await tokens.issue(database, grant);
    const session = { access_token: token, token_type: "Bearer", expires_in: LIFETIME_SECONDS };
    return reply.code(201).header("cache-control", "no-store").send(session);
  });
}
