import type { FastifyInstance } from "fastify";
import { noSuch } from "./answers.ts";
import { ID_PATH, type WithId } from "./forms.ts";
import type { Access } from "./resource.ts";

export interface Collection<Body> {
  /** `/meters`. */
  readonly path: string;
  /** JSON Schema of what a new one takes. */
  readonly body: object;
  /** Inserts one for the user $1, with `values` from $2 on, and returns its id as text. */
  readonly insert: string;
  values(body: Body): readonly unknown[];
  /** What is shown of the one with the id $1; $2 is the caller, unless anybody may see it. */
  readonly select: string;
  readonly anybody?: boolean;
  /** Default: the row as it is. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever is selected
  show?(row: any): unknown;
}

/** `POST /things` and `GET /things/{id}`: one statement each, and nothing to be wrong about. */
export function collection<Body>(
  app: FastifyInstance,
  { plain }: Access,
  { path, body, insert, values, select, anybody = false, show = (row) => row }: Collection<Body>,
): void {
  const what = path.slice(1, -1);

  app.post<{ Body: Body }>(path, { schema: { body } }, async (request, reply) => {
    const made = await plain(request.headers.authorization, async ({ query, subject }) => {
      const { rows } = await query<WithId>(insert, [subject, ...values(request.body as Body)]);
      return (await query(select, [rows[0]!.id, ...(anybody ? [] : [subject])])).rows[0];
    });
    return reply.code(201).send(show(made));
  });

  app.get<{ Params: WithId }>(`${path}/:id`, { schema: { params: ID_PATH } }, (request) =>
    plain(request.headers.authorization, async ({ query, subject }) => {
      const { rows } = await query(select, [request.params.id, ...(anybody ? [] : [subject])]);
      if (!rows[0]) throw noSuch(what);
      return show(rows[0]);
    }),
  );
}
