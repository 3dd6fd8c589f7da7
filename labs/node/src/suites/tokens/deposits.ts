import { createHash } from "node:crypto";
import type { Queryable } from "@deadheat/guard";

export interface Deposit {
  readonly id: string;
  readonly amount: number;
}

/** One statement: there is no deposit that the balance does not count. */
const INSERT_DEPOSIT = `
WITH deposit AS (
  INSERT INTO deposits (user_id, amount) VALUES ($1, $2) RETURNING id::text, amount
), counted AS (
  UPDATE profiles SET balance = balance + $2 WHERE user_id = $1
)
SELECT id, amount FROM deposit`;

export async function makeDeposit(tx: Queryable, userId: string, amount: number): Promise<Deposit> {
  return (await tx.query<Deposit>(INSERT_DEPOSIT, [userId, amount])).rows[0]!;
}

/** Tells a repetition of a request from another request that came with the same key. */
export function fingerprint(body: { amount: number }): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([body.amount]))
    .digest();
}
