import { object } from "../../../schemas.ts";
import { refused } from "../answers.ts";
import { SLUG, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

const FIND = "SELECT FROM channels WHERE slug = $1";
const INSERT = "INSERT INTO channels (owner_id, slug) VALUES ($1, $2)";
const RETURNING = "RETURNING id::text, slug";
const LIST = "SELECT id::text, slug FROM channels WHERE owner_id = $1 ORDER BY id";

/** Each has a name that no other has. */
export const channels: Resource = {
  ways: ["constraint", "serializable", "advisory-lock", "queue"],
  constraint: "CREATE UNIQUE INDEX channels_unique ON channels (slug);",
  serve(app, access) {
    app.get("/channels", (request) =>
      access.plain(request.headers.authorization, async ({ query, subject }) => {
        const { rows } = await query<WithId>(LIST, [subject]);
        return { count: rows.length, items: rows };
      }),
    );

    app.post<{ Body: { slug: string } }>(
      "/channels",
      { schema: { body: object({ slug: SLUG }) } },
      async ({ headers, body: { slug } }, reply) => {
        const taken = () => refused("There is a channel of that name.");
        const channel = await access.way(
          headers.authorization,
          () => [`channel ${slug}`],
          async (work) => {
            if ((await work.query(FIND, [slug])).rowCount !== 0) throw taken();
            await work.think();
            const unlessThere = access.atOnce ? "ON CONFLICT DO NOTHING" : "";
            const { rows } = await work.query(`${INSERT} ${unlessThere} ${RETURNING}`, [work.subject, slug]);
            if (!rows[0]) throw taken();
            return rows[0];
          },
        );
        return reply.code(201).send(channel);
      },
    );
  },
};
