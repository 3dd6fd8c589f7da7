import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { existingProfile } from "../../../accounts/profile.ts";
import { SELECT_PROFILE } from "../../../accounts/sql.ts";
import { ADD_SCORE } from "../../../guarded/sql.ts";
import { SCORE } from "../../../schemas.ts";
import { DONE } from "../answers.ts";
import type { TokensHalf } from "../half.ts";

/** `GET /jwt/profile`. */
export function jwtProfile(app: FastifyInstance, guard: Guard): void {
  app.get("/jwt/profile", (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) =>
      existingProfile((await tx.query(SELECT_PROFILE, [principal.subject])).rows),
    ),
  );
}

/** `POST /jwt/profile/score`. */
export function jwtScore(app: FastifyInstance, guard: Guard, half: TokensHalf): void {
  app.post<{ Body: { score: number } }>("/jwt/profile/score", { schema: { body: SCORE } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) => {
      await half.think();
      await tx.query(ADD_SCORE, [principal.subject, request.body.score]);
      return DONE;
    }),
  );
}

/** `POST /jwt/logout`: the token's id is remembered until the token would have expired. */
export function jwtLogout(app: FastifyInstance, guard: Guard): void {
  app.post("/jwt/logout", async (request, reply) => {
    await guard.revoke(request.headers.authorization);
    return reply.code(204).send();
  });
}
