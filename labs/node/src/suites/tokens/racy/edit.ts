import type { FastifyInstance } from "fastify";
import { authenticate } from "../../../racy/authenticate.ts";
import { DONE } from "../answers.ts";
import { CONTENT, DOCUMENT_PATH } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { ownedBy } from "./owned.ts";
import { SAVE_CONTENT } from "./sql.ts";

/** `PATCH /documents/{id}`: the owner is looked at once, the content saved by the id alone. */
export function edit(app: FastifyInstance, half: TokensHalf): void {
  app.patch<{ Params: { id: string }; Body: { content: string } }>(
    "/documents/:id",
    { schema: { params: DOCUMENT_PATH, body: CONTENT } },
    async (request) => {
      const { subject } = await authenticate(half, request.headers.authorization);
      await ownedBy(half, subject, request.params.id);
      await half.think();
      await half.database.query(SAVE_CONTENT, [request.params.id, request.body.content]);
      return DONE;
    },
  );
}
