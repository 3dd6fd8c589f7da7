import { object } from "../../../schemas.ts";
import { own, refused } from "../answers.ts";
import { collection } from "../collection.ts";
import { AMOUNT, ID_PATH, integer, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

const INSERT = `
WITH made AS (INSERT INTO budgets (owner_id) VALUES ($1) RETURNING id),
     pots AS (INSERT INTO pots (budget_id, kind, amount)
              SELECT id, kind, amount FROM made, (VALUES ('cash', $2::integer), ('card', $3)) AS v (kind, amount))
SELECT id::text FROM made`;
const SHOWN = `
SELECT id::text, max(amount) FILTER (WHERE kind = 'cash') AS cash, max(amount) FILTER (WHERE kind = 'card') AS card
  FROM budgets JOIN pots ON budget_id = id`;
const LEFT = "SELECT sum(amount)::integer AS left FROM pots WHERE budget_id = $1";
const SPEND = "UPDATE pots SET amount = amount - $3 WHERE budget_id = $1 AND kind = $2";

/** Two pots, either of which may be overdrawn as long as the other makes up for it. */
export const budgets: Resource = {
  ways: ["serializable", "row-lock", "version", "advisory-lock", "queue"],
  serve(app, access) {
    collection<{ cash: number; card: number }>(app, access, {
      path: "/budgets",
      body: object({ cash: integer(0, 1000), card: integer(0, 1000) }),
      insert: INSERT,
      values: ({ cash, card }) => [cash, card],
      select: `${SHOWN} WHERE id = $1 AND owner_id = $2 GROUP BY id`,
    });

    for (const kind of ["cash", "card"])
      app.post<{ Params: WithId; Body: { amount: number } }>(
        `/budgets/:id/${kind}`,
        { schema: { params: ID_PATH, body: AMOUNT } },
        ({ headers, params: { id }, body: { amount } }) =>
          access.way(
            headers.authorization,
            () => [`budget ${id}`],
            async (work) => {
              await own(work, "budgets", id);
              const { rows } = await work.query<{ left: number }>(LEFT, [id]);
              if (rows[0]!.left < amount) throw refused("There is not so much left.");
              await work.think();
              await work.query(SPEND, [id, kind, amount]);
              return (await work.query(`${SHOWN} WHERE id = $1 GROUP BY id`, [id])).rows[0];
            },
          ),
      );
  },
};
