import { type Api, type Handler, serve, think } from "../support/api.ts";

const TABLES = `
CREATE TABLE products (id serial PRIMARY KEY, stock integer NOT NULL);
CREATE TABLE orders (
  id serial PRIMARY KEY,
  product integer NOT NULL REFERENCES products ON DELETE CASCADE,
  quantity integer NOT NULL
);`;

/** A shop that sells what it has. Racy: looks, thinks, and writes what it worked out from what it saw. */
export function startShop(databaseUrl: string, { racy }: { readonly racy: boolean }): Promise<Api> {
  return serve(databaseUrl, TABLES, {
    "POST /products": async ({ body, database }) => {
      const { rows } = await database.query("INSERT INTO products (stock) VALUES ($1) RETURNING *", [
        body.stock,
      ]);
      return [201, rows[0]];
    },
    "GET /products/{}": async ({ parameters, database }) => {
      const { rows } = await database.query(
        `SELECT id, stock, coalesce((SELECT sum(quantity)::int FROM orders WHERE product = products.id), 0) AS sold
           FROM products WHERE id = $1`,
        [parameters[0]],
      );
      return rows[0] ? [200, rows[0]] : [404];
    },
    "DELETE /products/{}": async ({ parameters, database }) => {
      await database.query("DELETE FROM products WHERE id = $1", [parameters[0]]);
      return [204];
    },
    "POST /products/{}/orders": racy ? racyOrder : rightOrder,
  });
}

const racyOrder: Handler = async ({ parameters: [product], body: { quantity }, database }) => {
  const { rows } = await database.query("SELECT stock FROM products WHERE id = $1", [product]);
  if (!rows[0] || rows[0].stock < quantity) return [409, { error: "sold out" }];
  await think();
  await database.query("UPDATE products SET stock = $2 WHERE id = $1", [product, rows[0].stock - quantity]);
  const order = await database.query("INSERT INTO orders (product, quantity) VALUES ($1, $2) RETURNING id", [
    product,
    quantity,
  ]);
  return [201, order.rows[0]];
};

/** One statement looks, takes and records. */
const rightOrder: Handler = async ({ parameters: [product], body: { quantity }, database }) => {
  await think();
  const { rows } = await database.query(
    `WITH taken AS (UPDATE products SET stock = stock - $2 WHERE id = $1 AND stock >= $2 RETURNING id)
     INSERT INTO orders (product, quantity) SELECT id, $2 FROM taken RETURNING id`,
    [product, quantity],
  );
  return rows[0] ? [201, rows[0]] : [409, { error: "sold out" }];
};
