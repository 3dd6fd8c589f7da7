import { controlMismatch } from "./control-mismatch.ts";
import { demotionRace } from "./demotion-race.ts";
import { duplicateCreate } from "./duplicate-create.ts";
import { expiryRace } from "./expiry-race.ts";
import type { HintRule } from "./hint.ts";
import { idempotencyRace } from "./idempotency-race.ts";
import { limitOverrun } from "./limit-overrun.ts";
import { lostUpdate } from "./lost-update.ts";
import { ownershipRace } from "./ownership-race.ts";
import { refreshReuse } from "./refresh-reuse.ts";
import { revocationRace } from "./revocation-race.ts";
import { singleUseCode } from "./single-use-code.ts";
import { tokenUnverified } from "./token-unverified.ts";
import { useAfterDelete } from "./use-after-delete.ts";
import { writeSkew } from "./write-skew.ts";

/** Rows of the catalogue of which a document can say nothing (lock-hold, and what only source code shows) have none. */
export const hintRules: readonly HintRule[] = [
  lostUpdate,
  limitOverrun,
  singleUseCode,
  refreshReuse,
  revocationRace,
  expiryRace,
  ownershipRace,
  demotionRace,
  duplicateCreate,
  idempotencyRace,
  writeSkew,
  useAfterDelete,
  controlMismatch,
  tokenUnverified,
];
