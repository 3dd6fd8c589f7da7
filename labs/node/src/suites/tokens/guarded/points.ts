import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { DONE } from "../answers.ts";
import { POINTS } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { ADD_POINTS } from "./sql.ts";

/** `POST /profile/points`: one check, under the lock that a revocation waits for. */
export function points(app: FastifyInstance, guard: Guard, half: TokensHalf): void {
  app.post<{ Body: { points: number } }>("/profile/points", { schema: { body: POINTS } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) => {
      await half.think();
      await tx.query(ADD_POINTS, [principal.subject, request.body.points]);
      return DONE;
    }),
  );
}
