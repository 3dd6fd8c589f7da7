import { object } from "../../../schemas.ts";
import { noSuch, own } from "../answers.ts";
import { collection } from "../collection.ts";
import { ID_PATH, text, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

const INSERT_NOTE = `
INSERT INTO notes (owner_id, folder_id, text) VALUES ($1, $2, $3) RETURNING id::text, folder_id::text AS folder, text`;
const NOTE = "SELECT id::text, folder_id::text AS folder, text FROM notes WHERE id = $1 AND owner_id = $2";

/** Notes in a folder, which go when it goes. */
export const folders: Resource = {
  ways: ["constraint", "row-lock", "serializable", "version", "advisory-lock", "queue"],
  constraint: "ALTER TABLE notes ADD FOREIGN KEY (folder_id) REFERENCES folders (id) ON DELETE CASCADE;",
  serve(app, access) {
    collection<{ name: string }>(app, access, {
      path: "/folders",
      body: object({ name: text(100) }),
      insert: "INSERT INTO folders (owner_id, name) VALUES ($1, $2) RETURNING id::text",
      values: ({ name }) => [name],
      select: `
        SELECT id::text, name, (SELECT count(*)::integer FROM notes WHERE folder_id = $1) AS notes
          FROM folders WHERE id = $1 AND owner_id = $2`,
    });

    app.get<{ Params: WithId }>("/notes/:id", { schema: { params: ID_PATH } }, (request) =>
      access.plain(request.headers.authorization, async ({ query, subject }) => {
        const { rows } = await query(NOTE, [request.params.id, subject]);
        if (!rows[0]) throw noSuch("note");
        return rows[0];
      }),
    );

    app.post<{ Params: WithId; Body: { text: string } }>(
      "/folders/:id/notes",
      { schema: { params: ID_PATH, body: object({ text: text(1000) }) } },
      async ({ headers, params: { id }, body: { text } }, reply) => {
        const note = await access.way(
          headers.authorization,
          () => [`folder ${id}`],
          async (work) => {
            await own(work, "folders", id);
            await work.think();
            return (await work.query(INSERT_NOTE, [work.subject, id, text])).rows[0];
          },
        );
        return reply.code(201).send(note);
      },
    );

    app.delete<{ Params: WithId }>(
      "/folders/:id",
      { schema: { params: ID_PATH } },
      async ({ headers, params: { id } }, reply) => {
        await access.way(
          headers.authorization,
          () => [`folder ${id}`],
          async (work) => {
            await own(work, "folders", id);
            await work.query("DELETE FROM folders WHERE id = $1", [id]);
            await work.query("DELETE FROM notes WHERE folder_id = $1", [id]);
          },
        );
        return reply.code(204).send();
      },
    );
  },
};
