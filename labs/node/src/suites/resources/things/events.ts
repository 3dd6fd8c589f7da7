import { object } from "../../../schemas.ts";
import { existing, refused } from "../answers.ts";
import { collection } from "../collection.ts";
import { ID_PATH, integer, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

const SHOWN = "id::text, places, taken";
const TAKE = `UPDATE events SET taken = taken + 1 WHERE id = $1 RETURNING ${SHOWN}`;
const TAKE_FREE = `UPDATE events SET taken = taken + 1 WHERE id = $1 AND taken < places RETURNING ${SHOWN}`;

/** So many places, and no more: whoever takes one is counted. */
export const events: Resource = {
  ways: ["row-lock", "conditional-update", "serializable", "version", "advisory-lock", "queue"],
  serve(app, access) {
    collection<{ places: number }>(app, access, {
      path: "/events",
      body: object({ places: integer(1, 5) }),
      insert: "INSERT INTO events (owner_id, places) VALUES ($1, $2) RETURNING id::text",
      values: ({ places }) => [places],
      select: `SELECT ${SHOWN} FROM events WHERE id = $1`,
      anybody: true,
    });

    app.post<{ Params: WithId }>(
      "/events/:id/join",
      { schema: { params: ID_PATH } },
      ({ headers, params: { id } }) =>
        access.way(
          headers.authorization,
          () => [`event ${id}`],
          async (work) => {
            const { places, taken } = await existing(work, "events", id);
            if (taken >= places) throw refused("All places are taken.");
            await work.think();
            const { rows } = await work.query(access.atOnce ? TAKE_FREE : TAKE, [id]);
            if (!rows[0]) throw refused("All places are taken.");
            return rows[0];
          },
        ),
    );
  },
};
