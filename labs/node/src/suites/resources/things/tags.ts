import { object } from "../../../schemas.ts";
import { SLUG, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

const FIND = "SELECT id::text, name FROM tags WHERE owner_id = $1 AND name = $2 ORDER BY id LIMIT 1";
const INSERT = "INSERT INTO tags (owner_id, name) VALUES ($1, $2)";
const RETURNING = "RETURNING id::text, name";
const LIST = "SELECT id::text, name FROM tags WHERE owner_id = $1 ORDER BY id";

/** Made where there is none of that name yet. */
export const tags: Resource = {
  ways: ["advisory-lock", "constraint", "row-lock", "serializable", "version", "queue"],
  constraint: "CREATE UNIQUE INDEX tags_unique ON tags (owner_id, name);",
  serve(app, access) {
    app.get("/tags", (request) =>
      access.plain(request.headers.authorization, async ({ query, subject }) => {
        const { rows } = await query<WithId>(LIST, [subject]);
        return { count: rows.length, items: rows };
      }),
    );

    app.post<{ Body: { name: string } }>(
      "/tags",
      { schema: { body: object({ name: SLUG }) } },
      async ({ headers, body: { name } }, reply) => {
        const names = (subject: string) => [`tag ${subject} ${name}`];
        const { created, tag } = await access.way(headers.authorization, names, async (work) => {
          await work.rows("users", [work.subject]);
          const find = async () => (await work.query<WithId>(FIND, [work.subject, name])).rows[0];
          const there = await find();
          if (there) return { created: false, tag: there };
          await work.think();
          const unlessThere = access.atOnce ? "ON CONFLICT DO NOTHING" : "";
          const { rows } = await work.query<WithId>(`${INSERT} ${unlessThere} ${RETURNING}`, [
            work.subject,
            name,
          ]);
          return rows[0] ? { created: true, tag: rows[0] } : { created: false, tag: await find() };
        });
        return reply.code(created ? 201 : 200).send(tag);
      },
    );
  },
};
