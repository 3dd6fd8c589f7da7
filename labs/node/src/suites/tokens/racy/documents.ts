import type { FastifyInstance } from "fastify";
import { authenticate } from "../../../racy/authenticate.ts";
import { noSuch } from "../answers.ts";
import { INSERT_DOCUMENT } from "../documents.ts";
import { DOCUMENT, DOCUMENT_PATH } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { ownedBy } from "./owned.ts";
import { SELECT_CONTENT } from "./sql.ts";

/** `POST /documents` and `GET /documents/{id}`, which shows what its owner of a moment ago may not see any more. */
export function documents(app: FastifyInstance, half: TokensHalf): void {
  app.post<{ Body: { title: string; content: string } }>(
    "/documents",
    { schema: { body: DOCUMENT } },
    async (request, reply) => {
      const { subject } = await authenticate(half, request.headers.authorization);
      const { title, content } = request.body;
      const { rows } = await half.database.query(INSERT_DOCUMENT, [subject, title, content]);
      return reply.code(201).send(rows[0]);
    },
  );

  app.get<{ Params: { id: string } }>(
    "/documents/:id",
    { schema: { params: DOCUMENT_PATH } },
    async (request) => {
      const { subject } = await authenticate(half, request.headers.authorization);
      await ownedBy(half, subject, request.params.id);
      const { rows } = await half.database.query(SELECT_CONTENT, [request.params.id]);
      if (!rows[0]) throw noSuch("document");
      return rows[0];
    },
  );
}
