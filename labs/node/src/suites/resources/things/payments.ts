import { Problem } from "../../../problem.ts";
import { object } from "../../../schemas.ts";
import { keyInUse, keyReused } from "../answers.ts";
import { AMOUNT, integer } from "../forms.ts";
import type { Access, Resource } from "../resource.ts";
import type { Work } from "../ways/way.ts";

const KEY_HEADER = {
  type: "object",
  required: ["idempotency-key"],
  properties: { "idempotency-key": { type: "string", pattern: "^[!-~]{1,255}$" } },
};
const SHOWN = "credit, spent";
const TOP_UP = `UPDATE profiles SET credit = credit + $2 WHERE user_id = $1 RETURNING ${SHOWN}`;
const SPEND = `
UPDATE profiles SET credit = credit - $2, spent = spent + $2 WHERE user_id = $1 AND credit >= $2`;
const PAY = "INSERT INTO payments (owner_id, amount) VALUES ($1, $2) RETURNING id::text, amount";

const KNOWN = "SELECT amount, answer FROM payment_keys WHERE user_id = $1 AND key = $2";
const KEEP = "INSERT INTO payment_keys (user_id, key, amount, answer) VALUES ($1, $2, $3, $4)";
const CLAIM = "INSERT INTO payment_keys (user_id, key, amount) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const FILL = "UPDATE payment_keys SET answer = $3 WHERE user_id = $1 AND key = $2";
/** False where another transaction has it, instead of waiting for that one. */
const TRY_LOCK = "SELECT pg_try_advisory_xact_lock($1::bigint) AS granted";

interface Payment {
  readonly id: string;
  readonly amount: number;
}
interface Call {
  readonly key: string;
  readonly amount: number;
}

/** One payment for each Idempotency-Key; a key whose payment has failed can come again. */
export const payments: Resource = {
  ways: ["constraint", "row-lock", "serializable", "version", "advisory-lock", "queue"],
  constraint: "CREATE UNIQUE INDEX payment_keys_unique ON payment_keys (user_id, key);",
  serve(app, access) {
    app.get("/credit", (request) =>
      access.plain(request.headers.authorization, async ({ query, subject }) => {
        return (await query(`SELECT ${SHOWN} FROM profiles WHERE user_id = $1`, [subject])).rows[0];
      }),
    );

    app.post<{ Body: { amount: number } }>(
      "/credit",
      { schema: { body: object({ amount: integer(1, 1000) }) } },
      ({ headers, body: { amount } }) =>
        access.way(
          headers.authorization,
          (subject) => [`credit ${subject}`],
          async (work) => {
            await work.think();
            return (await work.query(TOP_UP, [work.subject, amount])).rows[0];
          },
        ),
    );

    app.post<{ Headers: { "idempotency-key": string }; Body: { amount: number } }>(
      "/payments",
      { schema: { headers: KEY_HEADER, body: AMOUNT } },
      async ({ headers, body: { amount } }, reply) => {
        const call = { key: headers["idempotency-key"], amount };
        const names = (subject: string) => [`payment ${subject} ${call.key}`];
        const payment = await access.way(headers.authorization, names, (work) =>
          access.atOnce ? claimed(access, work, call) : rememberedAfterwards(work, call),
        );
        return reply.code(201).send(payment);
      },
    );
  },
};

async function rememberedAfterwards(work: Work, call: Call): Promise<Payment> {
  await work.rows("users", [work.subject]);
  const before = await answered(work, call);
  if (before) return before;
  await work.think();
  const payment = await pay(work, call.amount);
  await work.query(KEEP, [work.subject, call.key, call.amount, payment]);
  return payment;
}

/** The key comes first, and goes with everything else where the payment fails. */
async function claimed(access: Access, work: Work, call: Call): Promise<Payment> {
  const lock = access.lockKey(`payment ${work.subject} ${call.key}`);
  if (!(await work.query<{ granted: boolean }>(TRY_LOCK, [lock])).rows[0]!.granted) throw keyInUse();
  if ((await work.query(CLAIM, [work.subject, call.key, call.amount])).rowCount !== 1)
    return (await answered(work, call))!;
  await work.think();
  const payment = await pay(work, call.amount);
  await work.query(FILL, [work.subject, call.key, payment]);
  return payment;
}

/** What was answered to the request that came with the same key before. */
async function answered(work: Work, { key, amount }: Call): Promise<Payment | undefined> {
  const { rows } = await work.query<{ amount: number; answer: Payment }>(KNOWN, [work.subject, key]);
  const [known] = rows;
  if (known && known.amount !== amount) throw keyReused();
  return known?.answer;
}

async function pay(work: Work, amount: number): Promise<Payment> {
  if ((await work.query(SPEND, [work.subject, amount])).rowCount !== 1)
    throw new Problem(402, "Payment Required", "There is not so much credit.");
  return (await work.query<Payment>(PAY, [work.subject, amount])).rows[0]!;
}
