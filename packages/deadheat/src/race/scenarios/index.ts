import { demotionRace } from "./demotion-race.ts";
import { duplicateCreate } from "./duplicate-create.ts";
import { expiryRace } from "./expiry-race.ts";
import { idempotencyRace } from "./idempotency-race.ts";
import { limitOverrun } from "./limit-overrun.ts";
import { lockHold } from "./lock-hold.ts";
import { lostUpdate } from "./lost-update.ts";
import { missingTransaction } from "./missing-transaction.ts";
import { ownershipRace } from "./ownership-race.ts";
import { refreshReuse } from "./refresh-reuse.ts";
import { revocationRace } from "./revocation-race.ts";
import type { Scenario } from "./scenario.ts";
import { singleUseCode } from "./single-use-code.ts";
import { useAfterDelete } from "./use-after-delete.ts";
import { writeSkew } from "./write-skew.ts";

export const scenarios: readonly Scenario[] = [
  lostUpdate,
  limitOverrun,
  revocationRace,
  ownershipRace,
  demotionRace,
  expiryRace,
  refreshReuse,
  singleUseCode,
  idempotencyRace,
  duplicateCreate,
  useAfterDelete,
  writeSkew,
  missingTransaction,
  lockHold,
];
export type {
  CallNote,
  Interleaved,
  LearnedScenario,
  OwnScenario,
  Prepared,
  Scenario,
  Trial,
} from "./scenario.ts";
