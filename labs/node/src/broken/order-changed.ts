import { transaction, transactionLocks } from "@deadheat/guard/parts";
import { type Break, guardedBy, sharedLock, withRun } from "./break.ts";

const LOCK_MS = 10_000;

/** Check, write, lock: granted only when there is nothing left to protect. */
export const orderChanged: Break = {
  guard: (right, half) =>
    withRun(right, (hash, handler) =>
      transaction(half.database, {}, async (unlocked) => {
        const value = await handler(await guardedBy(half, unlocked, hash));
        const { text, values } = transactionLocks(sharedLock(hash), LOCK_MS);
        await unlocked.tx.query(text, values);
        return value;
      }),
    ),
};
