import { setTimeout as sleep } from "node:timers/promises";
import { type Guard, GuardError } from "@deadheat/guard";
import type { Half } from "../../../half.ts";
import { inTransaction } from "./in-transaction.ts";
import { SELECT_ROWS, type Table, type Way } from "./way.ts";

const ATTEMPTS = 40;
const PAUSE_MS = 10;

/** A row that was read is not as it was any more. */
class Stale extends Error {}

/**
 * Reads without a lock; before the first write, the version of every row that was read is raised, where it is
 * still the one that was read. Otherwise all of it is done again.
 */
export function version(guard: Guard, half: Half): Way {
  return async (authorization, _names, work) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await guard.run(authorization, async (guarded) => {
          const read: { table: Table; id: string; version: number }[] = [];
          return work(
            inTransaction(half, guarded, {
              async rows(table, ids) {
                const { rows } = await guarded.tx.query(SELECT_ROWS(table), [ids]);
                read.push(...rows.map(({ id, version }) => ({ table, id, version })));
                return rows;
              },
              async think() {
                if (attempt === 1) await half.think();
                for (const { table, id, version } of read) {
                  const raise = `UPDATE ${table} SET version = version + 1 WHERE id = $1 AND version = $2`;
                  if ((await guarded.tx.query(raise, [id, version])).rowCount !== 1) throw new Stale();
                }
              },
              pause: async () => {},
            }),
          );
        });
      } catch (error) {
        if (!(error instanceof Stale)) throw error;
        if (attempt === ATTEMPTS) throw new GuardError("contention", { cause: error });
        await sleep(Math.random() * PAUSE_MS);
      }
    }
  };
}
