import type { FastifyInstance } from "fastify";
import { DONE } from "../answers.ts";
import { ABOUT } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { requestTransactions } from "./request-transaction.ts";
import { SAVE_ABOUT } from "./sql.ts";

/** `PUT /profile/about`: a client that sends the body slowly decides how long a revocation of the token waits. */
export function about(app: FastifyInstance, half: TokensHalf): void {
  const { onRequest, run } = requestTransactions(half);

  app.put<{ Body: { about: string } }>(
    "/profile/about",
    { schema: { body: ABOUT }, onRequest },
    async (request) => {
      await run(request, async ({ tx, subject }) => {
        await half.think();
        await tx.query(SAVE_ABOUT, [subject, request.body.about]);
      });
      return DONE;
    },
  );
}
