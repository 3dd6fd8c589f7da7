import { bearerToken, GuardError, tokenHash } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import type { TokensHalf } from "../half.ts";
import { endSession } from "./end-session.ts";
import { SELECT_SESSION } from "./sql.ts";

/** `POST /logout`: ends the session, and answers while requests under its tokens are still at work. */
export function logout(app: FastifyInstance, half: TokensHalf): void {
  app.post("/logout", async (request, reply) => {
    const hash = tokenHash(bearerToken(request.headers.authorization, "lab"));
    const revoked = await half.tokens.revoke(half.database, hash);
    if (!revoked) throw new GuardError("invalid-token", { realm: "lab" });
    const { rows } = await half.database.query(SELECT_SESSION, [hash]);
    if (rows[0]) await endSession(half, rows[0].session);
    return reply.code(204).send();
  });
}
