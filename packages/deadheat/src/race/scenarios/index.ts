import { demotionRace } from "./demotion-race.ts";
import { limitOverrun } from "./limit-overrun.ts";
import { lostUpdate } from "./lost-update.ts";
import { ownershipRace } from "./ownership-race.ts";
import { revocationRace } from "./revocation-race.ts";
import type { Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [
  lostUpdate,
  limitOverrun,
  revocationRace,
  ownershipRace,
  demotionRace,
];
export type { CallNote, LearnedScenario, OwnScenario, Prepared, Scenario, Trial } from "./scenario.ts";
