import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { KEEP_USER } from "../../../accounts/sql.ts";
import { DONE, noSuch, noSuchUser } from "../answers.ts";
import { DOCUMENT_PATH, TRANSFER } from "../forms.ts";
import { GIVE_AWAY, SELECT_OWN } from "./sql.ts";

/** `POST /documents/{id}/transfer`: one who gives it away has it no more, and the second one learns that. */
export function transfer(app: FastifyInstance, guard: Guard): void {
  app.post<{ Params: { id: string }; Body: { to: string } }>(
    "/documents/:id/transfer",
    { schema: { params: DOCUMENT_PATH, body: TRANSFER } },
    (request) =>
      guard.run(request.headers.authorization, async ({ tx, principal }) => {
        const [own, { to }] = [[request.params.id, principal.subject], request.body];
        const exists = (await tx.query(KEEP_USER, [to])).rowCount === 1;
        const { rowCount } = exists
          ? await tx.query(GIVE_AWAY, [...own, to])
          : await tx.query(SELECT_OWN, own);
        if (rowCount !== 1) throw noSuch("document");
        if (!exists) throw noSuchUser();
        return DONE;
      }),
  );
}
