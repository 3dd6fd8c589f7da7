import { demotionRace } from "./demotion-race.ts";
import { expiryRace } from "./expiry-race.ts";
import { idempotencyRace } from "./idempotency-race.ts";
import { limitOverrun } from "./limit-overrun.ts";
import { lockHold } from "./lock-hold.ts";
import { lostUpdate } from "./lost-update.ts";
import { ownershipRace } from "./ownership-race.ts";
import { refreshReuse } from "./refresh-reuse.ts";
import { revocationRace } from "./revocation-race.ts";
import type { SpecRule } from "./rule.ts";
import { singleUseCode } from "./single-use-code.ts";

export const rules: readonly SpecRule[] = [
  lostUpdate,
  limitOverrun,
  revocationRace,
  ownershipRace,
  demotionRace,
  expiryRace,
  refreshReuse,
  singleUseCode,
  idempotencyRace,
  lockHold,
];
