import { transaction } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { KEEP_USER } from "../../../accounts/sql.ts";
import { sessionAnswer, wrongCode } from "../answers.ts";
import { CODE, CODE_PATH } from "../forms.ts";
import { ACCESS_SECONDS, REFRESH_SECONDS, type TokensHalf } from "../half.ts";

/** `POST /codes/{id}/redeem`: spends the code and opens the session in one transaction. */
export function redeemCode(app: FastifyInstance, half: TokensHalf): void {
  app.post<{ Params: { id: string }; Body: { code: string } }>(
    "/codes/:id/redeem",
    { schema: { params: CODE_PATH, body: CODE } },
    async (request, reply) => {
      await half.think();
      const session = await redeem(half, request.params.id, request.body.code);
      if (!session) throw wrongCode();
      return reply.code(201).header("cache-control", "no-store").send(sessionAnswer(session, ACCESS_SECONDS));
    },
  );
}

/** Undefined, with the attempt counted, where the code is no good or its user is gone. */
function redeem({ database, codes, sessions }: TokensHalf, id: string, code: string) {
  return transaction(database, {}, async ({ tx }) => {
    const subject = await codes.redeem(tx, id, code);
    if (subject === undefined || (await tx.query(KEEP_USER, [subject])).rowCount !== 1) return undefined;
    return sessions.open(tx, subject, { accessSeconds: ACCESS_SECONDS, refreshSeconds: REFRESH_SECONDS });
  });
}
