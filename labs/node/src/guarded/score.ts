import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import type { Half } from "../half.ts";
import { SCORE } from "../schemas.ts";
import { ADD_SCORE } from "./sql.ts";

/**
 * `POST /profile/score`: the addition is the database's, and the token stays valid until it has
 * committed. The thinking comes before the row is locked, so that requests still overlap.
 */
export function score(app: FastifyInstance, guard: Guard, half: Half): void {
  app.post<{ Body: { score: number } }>("/profile/score", { schema: { body: SCORE } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) => {
      await half.think();
      await tx.query(ADD_SCORE, [principal.subject, request.body.score]);
      return { status: "ok" };
    }),
  );
}
