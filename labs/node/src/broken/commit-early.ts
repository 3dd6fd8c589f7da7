import { transaction } from "@deadheat/guard/parts";
import { type Break, guardedBy, sharedLock, withRun } from "./break.ts";

/** The check is done as it should be and committed, which gives its lock back before the write begins. */
export const commitEarly: Break = {
  guard: (right, half) =>
    withRun(right, async (hash, handler) => {
      const { principal } = await transaction(half.database, { locks: sharedLock(hash) }, (first) =>
        guardedBy(half, first, hash),
      );
      return transaction(half.database, {}, (second) => handler({ ...second, principal }));
    }),
};
