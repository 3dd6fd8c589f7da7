import { object } from "../../../schemas.ts";
import { noSuch, refused } from "../answers.ts";
import { collection } from "../collection.ts";
import { ID, integer } from "../forms.ts";
import type { Resource } from "../resource.ts";
import type { Work } from "../ways/way.ts";

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}
interface Wallet {
  readonly id: string;
  readonly owner_id: string;
  readonly balance: number;
}
const FORM = object({ from: ID, to: ID, amount: integer(1, 1000) });
const SAVE = "UPDATE wallets SET balance = $2 WHERE id = $1";
const ADD = "UPDATE wallets SET balance = balance + $2 WHERE id = $1 AND balance + $2 >= 0";
const NOTE = `
INSERT INTO transfers (owner_id, source, target, amount) VALUES ($1, $2, $3, $4)
RETURNING id::text, source::text AS "from", target::text AS "to", amount`;
const poor = () => refused("There is not so much in it.");

/** Money that goes from one to another and back: never more, never less of it. */
export const wallets: Resource = {
  ways: ["row-lock", "conditional-update", "serializable", "version", "advisory-lock", "queue"],
  serve(app, access) {
    collection<{ balance: number }>(app, access, {
      path: "/wallets",
      body: object({ balance: integer(0, 1000) }),
      insert: "INSERT INTO wallets (owner_id, balance) VALUES ($1, $2) RETURNING id::text",
      values: ({ balance }) => [balance],
      select: "SELECT id::text, balance FROM wallets WHERE id = $1 AND owner_id = $2",
    });

    app.post<{ Body: Transfer }>(
      "/transfers",
      { schema: { body: FORM } },
      async ({ headers, body: transfer }, reply) => {
        const { from, to, amount } = transfer;
        const names = () => [...new Set([from, to])].map((id) => `wallet ${id}`);
        const made = await access.way(headers.authorization, names, async (work) => {
          const { source, target } = await both(work, transfer);
          if (source.balance < amount) throw poor();
          await work.think();
          if (access.atOnce) await move(work, transfer);
          else {
            await work.query(SAVE, [from, source.balance - amount]);
            await work.query(SAVE, [to, target.balance + amount]);
          }
          return (await work.query(NOTE, [work.subject, from, to, amount])).rows[0];
        });
        return reply.code(201).send(made);
      },
    );
  },
};

async function both(work: Work, { from, to }: Transfer) {
  const rows: Wallet[] = (await work.rows("wallets", [from, to])).filter(
    ({ owner_id }) => owner_id === work.subject,
  );
  const [source, target] = [from, to].map((id) => rows.find((row) => row.id === id));
  if (!source || !target) throw noSuch("wallet");
  if (source === target) throw refused("The two wallets are one.");
  return { source, target };
}

/** In the order of their ids, so that two that go opposite ways do not wait for each other. */
async function move(work: Work, { from, to, amount }: Transfer): Promise<void> {
  const steps = [
    { id: BigInt(from), change: -amount },
    { id: BigInt(to), change: amount },
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id, change } of steps)
    if ((await work.query(ADD, [String(id), change])).rowCount !== 1) throw poor();
}
