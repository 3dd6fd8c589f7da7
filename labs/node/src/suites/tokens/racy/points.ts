import { transaction } from "@deadheat/guard/parts";
import type { FastifyInstance } from "fastify";
import { authenticate } from "../../../racy/authenticate.ts";
import { DONE } from "../answers.ts";
import { POINTS } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { ADD_POINTS } from "./sql.ts";

/**
 * `POST /profile/points`: checks twice, the second time in the transaction that writes. That takes the token
 * from no one: a revocation commits between the second check and the write as it did after the first.
 */
export function points(app: FastifyInstance, half: TokensHalf): void {
  app.post<{ Body: { points: number } }>("/profile/points", { schema: { body: POINTS } }, async (request) => {
    const { authorization } = request.headers;
    await authenticate(half, authorization);
    await transaction(half.database, {}, async ({ tx }) => {
      const { subject } = await authenticate(half, authorization, tx);
      await half.think();
      await tx.query(ADD_POINTS, [subject, request.body.points]);
    });
    return DONE;
  });
}
