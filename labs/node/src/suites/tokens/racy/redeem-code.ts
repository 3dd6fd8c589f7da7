import { codeHash } from "@deadheat/guard/parts";
import type { FastifyInstance } from "fastify";
import { sessionAnswer, wrongCode } from "../answers.ts";
import { CODE, CODE_PATH } from "../forms.ts";
import { ACCESS_SECONDS, REFRESH_SECONDS, type TokensHalf } from "../half.ts";
import { MARK_CODE_USED, SAVE_ATTEMPTS, SELECT_CODE } from "./sql.ts";

const MOST_ATTEMPTS = 5;

/** `POST /codes/{id}/redeem`: one code lets in all who come before it is marked. */
export function redeemCode(app: FastifyInstance, { database, sessions, think }: TokensHalf): void {
  app.post<{ Params: { id: string }; Body: { code: string } }>(
    "/codes/:id/redeem",
    { schema: { params: CODE_PATH, body: CODE } },
    async (request, reply) => {
      const { id } = request.params;
      const [row] = (await database.query(SELECT_CODE, [id])).rows;
      if (!row || row.over || row.attempts >= MOST_ATTEMPTS) throw wrongCode();
      if (row.subject === null || !codeHash(id, request.body.code).equals(row.hash)) {
        await database.query(SAVE_ATTEMPTS, [id, row.attempts + 1]);
        throw wrongCode();
      }
      await think();
      await database.query(MARK_CODE_USED, [id]);
      const lifetimes = { accessSeconds: ACCESS_SECONDS, refreshSeconds: REFRESH_SECONDS };
      const session = await sessions.open(database, row.subject, lifetimes);
      return reply.code(201).header("cache-control", "no-store").send(sessionAnswer(session, ACCESS_SECONDS));
    },
  );
}
