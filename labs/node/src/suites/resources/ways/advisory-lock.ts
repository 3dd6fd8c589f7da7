import { createHash } from "node:crypto";
import { type Guard, lockKey } from "@deadheat/guard";
import type { Half } from "../../../half.ts";
import { inTransaction, thoughtBefore } from "./in-transaction.ts";
import type { Way } from "./way.ts";

const LOCK = "SELECT pg_advisory_xact_lock($1::bigint)";

/** A lock by name, for as long as the transaction lasts. */
export function advisoryLock(guard: Guard, half: Half): Way {
  return (authorization, names, work) =>
    guard.run(authorization, async (guarded) => {
      await half.think();
      for (const name of [...names(guarded.principal.subject)].sort()) {
        await guarded.tx.query(LOCK, [nameKey(half, name)]);
      }
      return work(inTransaction(half, guarded, { think: thoughtBefore }));
    });
}

/** The two halves share a database, and with it the names of such locks. */
export function nameKey({ schema }: Half, name: string): string {
  return lockKey(createHash("sha256").update(`${schema} ${name}`).digest());
}
