import { demotionRace } from "./demotion-race.ts";
import { limitOverrun } from "./limit-overrun.ts";
import { lostUpdate } from "./lost-update.ts";
import { ownershipRace } from "./ownership-race.ts";
import { revocationRace } from "./revocation-race.ts";
import type { SpecRule } from "./rule.ts";

export const rules: readonly SpecRule[] = [
  lostUpdate,
  limitOverrun,
  revocationRace,
  ownershipRace,
  demotionRace,
];
