import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import type { TokensHalf } from "../half.ts";

/** `POST /logout`: answers once everything that ran under the session's tokens has committed. */
export function logout(app: FastifyInstance, _guard: Guard, { sessions }: TokensHalf): void {
  app.post("/logout", async (request, reply) => {
    await sessions.close(request.headers.authorization);
    return reply.code(204).send();
  });
}
