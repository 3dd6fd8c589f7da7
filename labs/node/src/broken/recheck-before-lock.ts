import { lockKey } from "@deadheat/guard";
import { transaction } from "@deadheat/guard/parts";
import { type Break, guardedBy, withRun } from "./break.ts";

/**
 * The lock is there, and is held until the commit, but the token was read before it was granted:
 *
 *     request: SELECT … revoked_at IS NULL   (valid)
 *     logout:  lock, UPDATE … revoked_at, COMMIT
 *     request: lock shared, UPDATE profiles, COMMIT
 */
export const recheckBeforeLock: Break = {
  guard: (right, half) =>
    withRun(right, async (hash, handler) => {
      const { principal } = await guardedBy(half, half.database, hash);
      await half.think();
      const lock = { key: lockKey(hash), mode: "shared" } as const;
      return transaction(half.database, "read committed", lock, (tx) => handler({ tx, principal }));
    }),
};
