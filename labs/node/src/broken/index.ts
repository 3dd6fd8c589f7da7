import type { Break } from "./break.ts";
import { commitEarly } from "./commit-early.ts";
import { lockRemoved } from "./lock-removed.ts";
import { orderChanged } from "./order-changed.ts";
import { recheckBeforeLock } from "./recheck-before-lock.ts";
import { redeemCheckThenAct } from "./redeem-check-then-act.ts";
import { scoreReadModifyWrite } from "./score-read-modify-write.ts";
import { unlockedRecheck } from "./unlocked-recheck.ts";

export type { Break } from "./break.ts";

/** Mistakes that can be put into the guarded half, to see whether they are found. */
export const BREAKS = {
  "lock-removed": lockRemoved,
  "recheck-before-lock": recheckBeforeLock,
  "order-changed": orderChanged,
  "unlocked-recheck": unlockedRecheck,
  "score-read-modify-write": scoreReadModifyWrite,
  "redeem-check-then-act": redeemCheckThenAct,
  "commit-early": commitEarly,
} as const satisfies Record<string, Break>;

export type BreakName = keyof typeof BREAKS;
