import { object } from "../../../schemas.ts";
import { refused } from "../answers.ts";
import { text } from "../forms.ts";
import type { Resource } from "../resource.ts";

const QUOTA = 3;
const COUNT = "SELECT count(*)::integer AS reports FROM reports WHERE owner_id = $1";
const INSERT = "INSERT INTO reports (owner_id, title) VALUES ($1, $2) RETURNING id::text, title";

/** A quota for each user. */
export const reports: Resource = {
  ways: ["advisory-lock", "row-lock", "serializable", "version", "queue"],
  serve(app, access) {
    app.get("/usage", (request) =>
      access.plain(request.headers.authorization, async ({ query, subject }) => {
        const { rows } = await query<{ reports: number }>(COUNT, [subject]);
        return { reports: rows[0]!.reports, quota: QUOTA };
      }),
    );

    app.post<{ Body: { title: string } }>(
      "/reports",
      { schema: { body: object({ title: text(200) }) } },
      async ({ headers, body: { title } }, reply) => {
        const names = (subject: string) => [`reports ${subject}`];
        const report = await access.way(headers.authorization, names, async (work) => {
          await work.rows("users", [work.subject]);
          const { rows } = await work.query<{ reports: number }>(COUNT, [work.subject]);
          if (rows[0]!.reports >= QUOTA) throw refused(`There are ${QUOTA} reports already.`);
          await work.think();
          return (await work.query(INSERT, [work.subject, title])).rows[0];
        });
        return reply.code(201).send(report);
      },
    );
  },
};
