import { limitOverrun } from "./limit-overrun.ts";
import { lostUpdate } from "./lost-update.ts";
import { revocationRace } from "./revocation-race.ts";
import type { Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [lostUpdate, limitOverrun, revocationRace];
export type { CallNote, LearnedScenario, OwnScenario, Prepared, Scenario, Trial } from "./scenario.ts";
