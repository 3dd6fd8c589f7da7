import type { FastifyInstance } from "fastify";
import { existingProfile } from "../accounts/profile.ts";
import type { Half } from "../half.ts";
import { SCORE } from "../schemas.ts";
import { authenticate } from "./authenticate.ts";
import { READ_SCORE, SAVE_SCORE } from "./sql.ts";

/**
 * `POST /profile/score`, racy twice over. Two requests that read the same score both save it with
 * their own addition, and one addition is lost. And the token may be revoked between the check at the
 * top and the save at the bottom, which then takes effect under a token that no longer exists.
 */
export function score(app: FastifyInstance, half: Half): void {
  app.post<{ Body: { score: number } }>("/profile/score", { schema: { body: SCORE } }, async (request) => {
    const { subject } = await authenticate(half, request.headers.authorization);
    const { rows } = await half.database.query(READ_SCORE, [subject]);
    const { score } = existingProfile(rows);
    await half.think();
    await half.database.query(SAVE_SCORE, [subject, score + request.body.score]);
    return { status: "ok" };
  });
}
