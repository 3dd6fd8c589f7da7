import type { FastifyInstance } from "fastify";
import { authenticate } from "../../../racy/authenticate.ts";
import { FAREWELL } from "../account.ts";
import type { TokensHalf } from "../half.ts";

/** `DELETE /users/me`: what was let in before it may still be at work when it answers. */
export function account(app: FastifyInstance, half: TokensHalf): void {
  app.delete("/users/me", async (request, reply) => {
    const { subject } = await authenticate(half, request.headers.authorization);
    for (const sql of FAREWELL) await half.database.query(sql, [subject]);
    return reply.code(204).send();
  });
}
