import { transaction } from "@deadheat/guard/parts";
import { type Break, guardedBy, withRun } from "./break.ts";

/** Check and write are one transaction, and nothing more: a revocation need not wait for its end. */
export const lockRemoved: Break = {
  guard: (right, half) =>
    withRun(right, (hash, handler) =>
      transaction(half.database, {}, async (unlocked) => handler(await guardedBy(half, unlocked, hash))),
    ),
};
