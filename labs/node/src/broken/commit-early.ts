import { lockKey } from "@deadheat/guard";
import { transaction } from "@deadheat/guard/parts";
import { type Break, guardedBy, withRun } from "./break.ts";

/** The check is done as it should be and committed, which gives its lock back before the write begins. */
export const commitEarly: Break = {
  guard: (right, half) =>
    withRun(right, async (hash, handler) => {
      const lock = { key: lockKey(hash), mode: "shared" } as const;
      const { principal } = await transaction(half.database, "read committed", lock, (tx) =>
        guardedBy(half, tx, hash),
      );
      return transaction(half.database, "read committed", undefined, (tx) => handler({ tx, principal }));
    }),
};
