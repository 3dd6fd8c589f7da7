import type { Guard } from "@deadheat/guard";
import type { Half } from "../../../half.ts";
import { inTransaction, thoughtBefore } from "./in-transaction.ts";
import { SELECT_ROWS, type Way } from "./way.ts";

/** The rows are locked as they are read, in one order. NO KEY: rows that refer to them may still be inserted. */
export function rowLock(guard: Guard, half: Half): Way {
  return (authorization, _names, work) =>
    guard.run(authorization, async (guarded) => {
      await half.think();
      return work(
        inTransaction(half, guarded, {
          rows: async (table, ids) =>
            (await guarded.tx.query(`${SELECT_ROWS(table)} FOR NO KEY UPDATE`, [ids])).rows,
          think: thoughtBefore,
        }),
      );
    });
}
