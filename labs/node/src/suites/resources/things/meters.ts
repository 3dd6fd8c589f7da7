import { object } from "../../../schemas.ts";
import { own } from "../answers.ts";
import { collection } from "../collection.ts";
import { AMOUNT, ID_PATH, text, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

const SAVE = "UPDATE meters SET reading = $2 WHERE id = $1 RETURNING id::text, name, reading";
const ADD = "UPDATE meters SET reading = reading + $2 WHERE id = $1 RETURNING id::text, name, reading";

/** A number that is added to. */
export const meters: Resource = {
  ways: ["conditional-update", "row-lock", "serializable", "version", "advisory-lock", "queue"],
  serve(app, access) {
    collection<{ name: string }>(app, access, {
      path: "/meters",
      body: object({ name: text(100) }),
      insert: "INSERT INTO meters (owner_id, name) VALUES ($1, $2) RETURNING id::text",
      values: ({ name }) => [name],
      select: "SELECT id::text, name, reading FROM meters WHERE id = $1 AND owner_id = $2",
    });

    app.post<{ Params: WithId; Body: { amount: number } }>(
      "/meters/:id/add",
      { schema: { params: ID_PATH, body: AMOUNT } },
      ({ headers, params: { id }, body: { amount } }) =>
        access.way(
          headers.authorization,
          () => [`meter ${id}`],
          async (work) => {
            const { reading } = await own(work, "meters", id);
            await work.think();
            const [statement, value] = access.atOnce ? [ADD, amount] : [SAVE, reading + amount];
            return (await work.query(statement, [id, value])).rows[0];
          },
        ),
    );
  },
};
