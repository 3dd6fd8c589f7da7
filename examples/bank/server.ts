import { type Api, type Handler, serve, think, transaction } from "../support/api.ts";

const TABLES = "CREATE TABLE accounts (id serial PRIMARY KEY, balance integer NOT NULL);";

/** Accounts and transfers between them. Racy: reads both balances, thinks, and writes both. */
export function startBank(databaseUrl: string, { racy }: { readonly racy: boolean }): Promise<Api> {
  return serve(databaseUrl, TABLES, {
    "POST /accounts": async ({ body, database }) => {
      const { rows } = await database.query("INSERT INTO accounts (balance) VALUES ($1) RETURNING *", [
        body.balance,
      ]);
      return [201, rows[0]];
    },
    "GET /accounts/{}": async ({ parameters, database }) => {
      const { rows } = await database.query("SELECT * FROM accounts WHERE id = $1", [parameters[0]]);
      return rows[0] ? [200, rows[0]] : [404];
    },
    "DELETE /accounts/{}": async ({ parameters, database }) => {
      await database.query("DELETE FROM accounts WHERE id = $1", [parameters[0]]);
      return [204];
    },
    "POST /transfers": racy ? racyTransfer : rightTransfer,
  });
}

const READ = "SELECT id, balance FROM accounts WHERE id = ANY($1) ORDER BY id";
const WRITE = "UPDATE accounts SET balance = $2 WHERE id = $1";
const poor = [409, { error: "not enough" }] as const;

const racyTransfer: Handler = async ({ body: { from, to, amount }, database }) => {
  const { rows } = await database.query(READ, [[from, to]]);
  const balanceOf = (id: number) => rows.find((one) => one.id === id)?.balance;
  if (balanceOf(from) < amount) return poor;
  await think();
  await database.query(WRITE, [from, balanceOf(from) - amount]);
  await database.query(WRITE, [to, balanceOf(to) + amount]);
  return [201, {}];
};

/** Both rows are locked before they are read, always in the same order: two transfers both ways do not deadlock. */
const rightTransfer: Handler = ({ body: { from, to, amount }, database }) =>
  transaction(database, async (client) => {
    const { rows } = await client.query(`${READ} FOR UPDATE`, [[from, to]]);
    const balanceOf = (id: number) => rows.find((one) => one.id === id)?.balance;
    if (balanceOf(from) < amount) return poor;
    await think();
    await client.query(WRITE, [from, balanceOf(from) - amount]);
    await client.query(WRITE, [to, balanceOf(to) + amount]);
    return [201, {}];
  });
