import type { Cleanup } from "../../findings/report.ts";
import type { CustomScenario } from "../../plan/custom.ts";
import type { RaceContext } from "../context.ts";
import { secretsFor } from "../recipe.ts";
import type { Evaluator } from "./expression/evaluator.ts";
import type { Cast } from "./people.ts";
import type { Scene } from "./scene.ts";

/** What everything that races one scenario of the user's own is handed. */
export interface CustomContext {
  readonly race: RaceContext;
  readonly scenario: CustomScenario;
  readonly cast: Cast;
  readonly evaluator: Evaluator;
  /** From the file and the environment, had once. */
  readonly variables: ReadonlyMap<string, string>;
  /** Scenes that are not cleared yet: a proof is looked at again. */
  readonly open: Set<Scene>;
  /** What became of what each scene made. */
  readonly cleared: Cleanup[];
}

/** Rejects with the DeadheatError of a secret that cannot be had. */
export async function variablesOf(scenario: CustomScenario): Promise<Map<string, string>> {
  const { setUp, concurrent, observe, cleanUp, variables } = scenario;
  const requests = [...setUp, ...concurrent, ...observe, ...cleanUp].map((one) => one.request);
  return new Map(await secretsFor(variables, requests));
}
