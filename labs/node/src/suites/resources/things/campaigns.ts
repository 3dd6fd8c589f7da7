import { object } from "../../../schemas.ts";
import { own } from "../answers.ts";
import { collection } from "../collection.ts";
import { AMOUNT, ID_PATH, text, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

const GIVE = `
INSERT INTO donations (owner_id, campaign_id, amount) VALUES ($1, $2, $3) RETURNING id::text, amount`;
const GIVEN = `
SELECT count(*)::integer AS count, coalesce(sum(amount), 0)::integer AS total FROM donations WHERE owner_id = $1`;
const CLOSE = "DELETE FROM campaigns WHERE id = $1";

/**
 * Donations for as long as there is something to donate to; they stay when it goes. Not SERIALIZABLE: a donation that
 * has read the campaign, and commits after the closing has been answered, comes before it in the order that the
 * database found. That is an order; but whoever read the sum in between, at READ COMMITTED, sees it grow afterwards.
 */
export const campaigns: Resource = {
  ways: ["row-lock", "constraint", "version", "advisory-lock", "queue"],
  constraint:
    "ALTER TABLE donations ADD FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE SET NULL;",
  serve(app, access) {
    collection<{ title: string }>(app, access, {
      path: "/campaigns",
      body: object({ title: text(100) }),
      insert: "INSERT INTO campaigns (owner_id, title) VALUES ($1, $2) RETURNING id::text",
      values: ({ title }) => [title],
      select: "SELECT id::text, title FROM campaigns WHERE id = $1 AND owner_id = $2",
    });

    app.get("/donations", (request) =>
      access.plain(request.headers.authorization, async ({ query, subject }) => {
        return (await query(GIVEN, [subject])).rows[0];
      }),
    );

    app.post<{ Params: WithId; Body: { amount: number } }>(
      "/campaigns/:id/donations",
      { schema: { params: ID_PATH, body: AMOUNT } },
      async ({ headers, params: { id }, body: { amount } }, reply) => {
        const donation = await access.way(
          headers.authorization,
          () => [`campaign ${id}`],
          async (work) => {
            await own(work, "campaigns", id);
            await work.think();
            return (await work.query(GIVE, [work.subject, id, amount])).rows[0];
          },
        );
        return reply.code(201).send(donation);
      },
    );

    app.delete<{ Params: WithId }>(
      "/campaigns/:id",
      { schema: { params: ID_PATH } },
      async ({ headers, params: { id } }, reply) => {
        await access.way(
          headers.authorization,
          () => [`campaign ${id}`],
          async (work) => {
            await own(work, "campaigns", id);
            await work.query(CLOSE, [id]);
          },
        );
        return reply.code(204).send();
      },
    );
  },
};
