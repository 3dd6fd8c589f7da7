import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { existingProfile } from "../accounts/profile.ts";
import { bind } from "../endpoints.ts";
import type { Half } from "../half.ts";
import { SCORE } from "../schemas.ts";
import type { Break } from "./break.ts";

/** The transaction is the right one, yet at READ COMMITTED two of them read the same score. */
export const scoreReadModifyWrite: Break = {
  bearer: (guard, half) => bind({ score }, guard, half),
};

const READ_SCORE = "SELECT score FROM profiles WHERE user_id = $1";
const SAVE_SCORE = "UPDATE profiles SET score = $2 WHERE user_id = $1";

function score(app: FastifyInstance, guard: Guard, half: Half): void {
  app.post<{ Body: { score: number } }>("/profile/score", { schema: { body: SCORE } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) => {
      const { rows } = await tx.query(READ_SCORE, [principal.subject]);
      const before = existingProfile(rows).score;
      await half.think();
      await tx.query(SAVE_SCORE, [principal.subject, before + request.body.score]);
      return { status: "ok" };
    }),
  );
}
