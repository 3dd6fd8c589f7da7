import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";

/** `POST /logout`: answers once everything that ran under the token has committed. */
export function logout(app: FastifyInstance, guard: Guard): void {
  app.post("/logout", async (request, reply) => {
    await guard.revoke(request.headers.authorization);
    return reply.code(204).send();
  });
}
