import { object } from "../../../schemas.ts";
import { existing, refused } from "../answers.ts";
import { collection } from "../collection.ts";
import { ID_PATH, integer, type WithId } from "../forms.ts";
import type { Resource } from "../resource.ts";

const SHOWN = "id::text, stock, reserved, sold";
const TAKES = { reserve: "reserved", buy: "sold" } as const;
const take = (column: string) => `UPDATE products SET ${column} = ${column} + $2 WHERE id = $1`;

/** Reserved and sold from one stock, by two operations. */
export const products: Resource = {
  ways: ["version", "row-lock", "conditional-update", "serializable", "advisory-lock", "queue"],
  serve(app, access) {
    collection<{ stock: number }>(app, access, {
      path: "/products",
      body: object({ stock: integer(1, 100) }),
      insert: "INSERT INTO products (owner_id, stock) VALUES ($1, $2) RETURNING id::text",
      values: ({ stock }) => [stock],
      select: `SELECT ${SHOWN} FROM products WHERE id = $1`,
      anybody: true,
    });

    for (const [verb, column] of Object.entries(TAKES)) {
      app.post<{ Params: WithId; Body: { quantity: number } }>(
        `/products/:id/${verb}`,
        { schema: { params: ID_PATH, body: object({ quantity: integer(1, 100) }) } },
        ({ headers, params: { id }, body: { quantity } }) =>
          access.way(
            headers.authorization,
            () => [`product ${id}`],
            async (work) => {
              const { stock, reserved, sold } = await existing(work, "products", id);
              if (reserved + sold + quantity > stock) throw refused("There are not so many left.");
              await work.think();
              const enough = access.atOnce ? " AND reserved + sold + $2 <= stock" : "";
              const { rows } = await work.query(`${take(column)}${enough} RETURNING ${SHOWN}`, [
                id,
                quantity,
              ]);
              if (!rows[0]) throw refused("There are not so many left.");
              return rows[0];
            },
          ),
      );
    }
  },
};
