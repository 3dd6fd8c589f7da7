import { transaction } from "@deadheat/guard/parts";
import { type Break, guardedBy, principalOf, withRun } from "./break.ts";

/** Checks twice, the second time in the transaction that writes. A revocation commits after that as well. */
export const unlockedRecheck: Break = {
  guard: (right, half) =>
    withRun(right, async (hash, handler) => {
      await principalOf(half, half.database, hash);
      return transaction(half.database, {}, async (unlocked) =>
        handler(await guardedBy(half, unlocked, hash)),
      );
    }),
};
