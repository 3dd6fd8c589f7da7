import { object } from "../../../schemas.ts";
import { own, refused } from "../answers.ts";
import { collection } from "../collection.ts";
import { ID, integer, SLUG, text, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

interface Share {
  readonly name: string;
  readonly percent: number;
}
const SHOWN = `
SELECT id::text, plans.name, coalesce(sum(percent), 0)::integer AS total,
       coalesce(jsonb_agg(jsonb_build_object('name', shares.name, 'percent', percent) ORDER BY shares.name)
                FILTER (WHERE percent IS NOT NULL), '[]') AS shares
  FROM plans LEFT JOIN shares ON plan_id = id`;
const OTHERS = `
SELECT coalesce(sum(percent), 0)::integer AS others FROM shares WHERE plan_id = $1 AND name <> $2`;
const SAVE = `
INSERT INTO shares (plan_id, name, percent) VALUES ($1, $2, $3)
ON CONFLICT (plan_id, name) DO UPDATE SET percent = excluded.percent RETURNING name, percent`;
const ALL = 100;

/** Shares that are never more than the whole together. */
export const plans: Resource = {
  ways: ["row-lock", "serializable", "version", "advisory-lock", "queue"],
  serve(app, access) {
    collection<{ name: string }>(app, access, {
      path: "/plans",
      body: object({ name: text(100) }),
      insert: "INSERT INTO plans (owner_id, name) VALUES ($1, $2) RETURNING id::text",
      values: ({ name }) => [name],
      select: `${SHOWN} WHERE id = $1 AND owner_id = $2 GROUP BY id`,
    });

    app.put<{ Params: WithId & Share; Body: { percent: number } }>(
      "/plans/:id/shares/:name",
      { schema: { params: object({ id: ID, name: SLUG }), body: object({ percent: integer(0, ALL) }) } },
      ({ headers, params: { id, name }, body: { percent } }) =>
        access.way(
          headers.authorization,
          () => [`plan ${id}`],
          async (work) => {
            await own(work, "plans", id);
            const { rows } = await work.query<{ others: number }>(OTHERS, [id, name]);
            if (rows[0]!.others + percent > ALL) throw refused("That would be more than the whole.");
            await work.think();
            return (await work.query<Share>(SAVE, [id, name, percent])).rows[0];
          },
        ),
    );
  },
};
