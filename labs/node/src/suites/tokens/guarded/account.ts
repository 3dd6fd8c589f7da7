import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { FAREWELL } from "../account.ts";

/** `DELETE /users/me`: waits for what is in flight under any token of the user, not only under this one. */
export function account(app: FastifyInstance, guard: Guard): void {
  app.delete("/users/me", async (request, reply) => {
    await guard.revokeAll(request.headers.authorization, async ({ tx, principal }) => {
      for (const sql of FAREWELL) await tx.query(sql, [principal.subject]);
    });
    return reply.code(204).send();
  });
}
