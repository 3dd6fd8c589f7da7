import { object } from "../../../schemas.ts";
import { own } from "../answers.ts";
import { collection } from "../collection.ts";
import { ID_PATH, text, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

interface Page {
  title: string;
  body: string;
}
const FORM = object({ title: text(200), body: text(10_000, 0) });
const SHOWN = "id::text, title, body, revision";
const SAVE_TITLE = "UPDATE pages SET title = $2, revision = $3 WHERE id = $1";
const SAVE_BODY = `UPDATE pages SET body = $2 WHERE id = $1 RETURNING ${SHOWN}`;
const SAVE_ALL = `
UPDATE pages SET title = $2, body = $3, revision = revision + 1 WHERE id = $1 RETURNING ${SHOWN}`;

/** Saved as a whole, in two statements; how often is counted in `revision`. */
export const pages: Resource = {
  ways: ["row-lock", "conditional-update", "serializable", "version", "advisory-lock", "queue"],
  serve(app, access) {
    collection<Page>(app, access, {
      path: "/pages",
      body: FORM,
      insert: "INSERT INTO pages (owner_id, title, body) VALUES ($1, $2, $3) RETURNING id::text",
      values: ({ title, body }) => [title, body],
      select: `SELECT ${SHOWN} FROM pages WHERE id = $1 AND owner_id = $2`,
    });

    app.put<{ Params: WithId; Body: Page }>(
      "/pages/:id",
      { schema: { params: ID_PATH, body: FORM } },
      ({ headers, params: { id }, body: { title, body } }) =>
        access.way(
          headers.authorization,
          () => [`page ${id}`],
          async (work) => {
            const { revision } = await own(work, "pages", id);
            await work.think();
            if (access.atOnce) return (await work.query(SAVE_ALL, [id, title, body])).rows[0];
            await work.query(SAVE_TITLE, [id, title, revision + 1]);
            await work.pause();
            return (await work.query(SAVE_BODY, [id, body])).rows[0];
          },
        ),
    );
  },
};
