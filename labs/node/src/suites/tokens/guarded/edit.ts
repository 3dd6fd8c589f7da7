import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { DONE, noSuch } from "../answers.ts";
import { CONTENT, DOCUMENT_PATH } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { SAVE_CONTENT } from "./sql.ts";

/** `PATCH /documents/{id}`: saved only where the caller owns it at that moment. */
export function edit(app: FastifyInstance, guard: Guard, half: TokensHalf): void {
  app.patch<{ Params: { id: string }; Body: { content: string } }>(
    "/documents/:id",
    { schema: { params: DOCUMENT_PATH, body: CONTENT } },
    (request) =>
      guard.run(request.headers.authorization, async ({ tx, principal }) => {
        await half.think();
        const { id } = request.params;
        const { rowCount } = await tx.query(SAVE_CONTENT, [id, principal.subject, request.body.content]);
        if (rowCount !== 1) throw noSuch("document");
        return DONE;
      }),
  );
}
