import { object } from "../../../schemas.ts";
import { DONE, existing, refused } from "../answers.ts";
import { collection } from "../collection.ts";
import { ID_PATH, integer, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";
import type { Work } from "../ways/way.ts";

const GUESTS = `
SELECT count(*)::integer AS guests, count(*) FILTER (WHERE user_id = $2)::integer AS mine
  FROM guests WHERE invitation_id = $1`;
const SIT = "INSERT INTO guests (invitation_id, user_id, seat) VALUES ($1, $2, $3)";

/** For so many guests, each of whom accepts it once. */
export const invitations: Resource = {
  ways: ["constraint", "row-lock", "serializable", "version", "advisory-lock", "queue"],
  constraint: `
    CREATE UNIQUE INDEX guests_seat ON guests (invitation_id, seat);
    CREATE UNIQUE INDEX guests_once ON guests (invitation_id, user_id);`,
  serve(app, access) {
    collection<{ seats: number }>(app, access, {
      path: "/invitations",
      body: object({ seats: integer(1, 5) }),
      insert: "INSERT INTO invitations (owner_id, seats) VALUES ($1, $2) RETURNING id::text",
      values: ({ seats }) => [seats],
      select: `
        SELECT id::text, seats, (SELECT count(*)::integer FROM guests WHERE invitation_id = $1) AS guests
          FROM invitations WHERE id = $1`,
      anybody: true,
    });

    app.post<{ Params: WithId }>(
      "/invitations/:id/accept",
      { schema: { params: ID_PATH } },
      ({ headers, params: { id } }) =>
        access.way(
          headers.authorization,
          () => [`invitation ${id}`],
          async (work) => {
            const { seats } = await existing(work, "invitations", id);
            let seat = await freeSeat(work, id, seats);
            await work.think();
            const sit = access.atOnce ? `${SIT} ON CONFLICT DO NOTHING` : SIT;
            // Somebody else has taken it meanwhile: the next one.
            while ((await work.query(sit, [id, work.subject, seat])).rowCount !== 1)
              seat = await freeSeat(work, id, seats);
            return DONE;
          },
        ),
    );
  },
};

async function freeSeat(work: Work, id: string, seats: number): Promise<number> {
  const { rows } = await work.query<{ guests: number; mine: number }>(GUESTS, [id, work.subject]);
  const { guests, mine } = rows[0]!;
  if (mine > 0) throw refused("The invitation has been accepted.");
  if (guests >= seats) throw refused("All seats are taken.");
  return guests + 1;
}
