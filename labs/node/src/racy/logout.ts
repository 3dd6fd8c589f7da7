import { bearerToken, GuardError, tokenHash } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import type { Half } from "../half.ts";

/** `POST /logout`: answers while requests under the same token are still at work. */
export function logout(app: FastifyInstance, half: Half): void {
  app.post("/logout", async (request, reply) => {
    const hash = tokenHash(bearerToken(request.headers.authorization, "lab"));
    const revoked = await half.tokens.revoke(half.database, hash);
    if (!revoked) throw new GuardError("invalid-token", { realm: "lab" });
    return reply.code(204).send();
  });
}
