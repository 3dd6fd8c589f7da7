import { ADD_BALANCE } from "../../../guarded/sql.ts";
import { object } from "../../../schemas.ts";
import { DONE, existing, refused } from "../answers.ts";
import { collection } from "../collection.ts";
import { ID_PATH, integer, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

const MARK = "UPDATE vouchers SET used = true WHERE id = $1";
const MARK_UNUSED = "UPDATE vouchers SET used = true WHERE id = $1 AND NOT used";

/** Good for one use, whoever uses it. */
export const vouchers: Resource = {
  ways: ["conditional-update", "row-lock", "serializable", "version", "advisory-lock", "queue"],
  serve(app, access) {
    collection<{ value: number }>(app, access, {
      path: "/vouchers",
      body: object({ value: integer(1, 100) }),
      insert: "INSERT INTO vouchers (owner_id, value) VALUES ($1, $2) RETURNING id::text",
      values: ({ value }) => [value],
      select: "SELECT id::text, value, used FROM vouchers WHERE id = $1",
      anybody: true,
    });

    app.post<{ Params: WithId }>(
      "/vouchers/:id/use",
      { schema: { params: ID_PATH } },
      ({ headers, params: { id } }) =>
        access.way(
          headers.authorization,
          () => [`voucher ${id}`],
          async (work) => {
            const { used, value } = await existing(work, "vouchers", id);
            if (used) throw refused("The voucher has been used.");
            await work.think();
            const { rowCount } = await work.query(access.atOnce ? MARK_UNUSED : MARK, [id]);
            if (rowCount !== 1) throw refused("The voucher has been used.");
            await work.query(ADD_BALANCE, [work.subject, value]);
            return DONE;
          },
        ),
    );
  },
};
