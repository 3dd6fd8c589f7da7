import { lockKey } from "@deadheat/guard";
import { LOCK_SHARED, transaction } from "@deadheat/guard/parts";
import { type Break, guardedBy, withRun } from "./break.ts";

/** Check, write, lock: granted only when there is nothing left to protect. */
export const orderChanged: Break = {
  guard: (right, half) =>
    withRun(right, (hash, handler) =>
      transaction(half.database, "read committed", undefined, async (tx) => {
        const value = await handler(await guardedBy(half, tx, hash));
        await tx.query(LOCK_SHARED, [lockKey(hash)]);
        return value;
      }),
    ),
};
