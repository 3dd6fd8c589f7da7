import { transaction } from "@deadheat/guard/parts";
import { type Break, principalOf, sharedLock, withRun } from "./break.ts";

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
      const principal = await principalOf(half, half.database, hash);
      await half.think();
      return transaction(half.database, { locks: sharedLock(hash) }, (locked) =>
        handler({ ...locked, principal }),
      );
    }),
};
