import type { Guard } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { noSuch } from "../answers.ts";
import { INSERT_DOCUMENT } from "../documents.ts";
import { DOCUMENT, DOCUMENT_PATH } from "../forms.ts";
import { SELECT_OWN } from "./sql.ts";

/** `POST /documents` and `GET /documents/{id}`: whose it is and what is in it are read together. */
export function documents(app: FastifyInstance, guard: Guard): void {
  app.post<{ Body: { title: string; content: string } }>(
    "/documents",
    { schema: { body: DOCUMENT } },
    async (request, reply) => {
      const { title, content } = request.body;
      const document = await guard.run(request.headers.authorization, async ({ tx, principal }) => {
        const { rows } = await tx.query(INSERT_DOCUMENT, [principal.subject, title, content]);
        return rows[0];
      });
      return reply.code(201).send(document);
    },
  );

  app.get<{ Params: { id: string } }>("/documents/:id", { schema: { params: DOCUMENT_PATH } }, (request) =>
    guard.run(request.headers.authorization, async ({ tx, principal }) => {
      const { rows } = await tx.query(SELECT_OWN, [request.params.id, principal.subject]);
      if (!rows[0]) throw noSuch("document");
      return rows[0];
    }),
  );
}
