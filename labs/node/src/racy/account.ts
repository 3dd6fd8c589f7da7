import type { FastifyInstance } from "fastify";
import { DELETE_TOKENS, DELETE_USER } from "../accounts/sql.ts";
import type { Half } from "../half.ts";
import { authenticate } from "./authenticate.ts";

/** `DELETE /users/me`: what was let in before it may still be at work when it answers. */
export function account(app: FastifyInstance, half: Half): void {
  app.delete("/users/me", async (request, reply) => {
    const { subject } = await authenticate(half, request.headers.authorization);
    await half.database.query(DELETE_TOKENS, [subject]);
    await half.database.query(DELETE_USER, [subject]);
    return reply.code(204).send();
  });
}
