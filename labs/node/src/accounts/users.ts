import type { FastifyInstance } from "fastify";
import type { Half } from "../half.ts";
import { Problem } from "../problem.ts";
import { CREDENTIALS, type Credentials } from "../schemas.ts";
import { hashPassword } from "./password.ts";
import { INSERT_USER } from "./sql.ts";

/** `POST /users`: the unique name is the database's to enforce, so that no two can take it at once. */
export function users(app: FastifyInstance, { database }: Half): void {
  app.post<{ Body: Credentials }>("/users", { schema: { body: CREDENTIALS } }, async (request, reply) => {
    const { username, password } = request.body;
    const { salt, hash } = await hashPassword(password);
    const { rows } = await database.query(INSERT_USER, [username, salt, hash]);
    if (!rows[0]) throw new Problem(409, "Conflict", "The username is taken.");
    return reply.code(201).send({ id: rows[0].id, username });
  });
}
