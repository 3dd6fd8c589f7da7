import { GuardError, type Queryable } from "@deadheat/guard";
import { LOCK_TOKEN } from "./sql.ts";

/** For whom the token speaks; it stays so until the transaction ends, and nobody else with it gets past here. */
export async function lockToken(tx: Queryable, hash: Buffer): Promise<string> {
  const { rows } = await tx.query(LOCK_TOKEN, [hash]);
  if (!rows[0]) throw new GuardError("invalid-token", { realm: "lab" });
  return rows[0].subject;
}
