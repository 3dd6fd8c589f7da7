import type { InterleavingEvidence, RuntimeEvidence } from "../../findings/evidence.ts";
import type { RaceOutcome, RaceResult } from "../../findings/finding.ts";
import type { Cleanup } from "../../findings/report.ts";
import type { CustomScenario, CustomSchedule } from "../../plan/custom.ts";
import type { RaceContext } from "../context.ts";
import { Renewals } from "../credentials/renewals.ts";
import { type RunOptions, runPrepared } from "../run.ts";
import { type CustomContext, variablesOf } from "./context.ts";
import { Evaluator } from "./expression/evaluator.ts";
import { Cast } from "./people.ts";
import { prepareCustom } from "./prepare.ts";

export interface CustomResult {
  readonly outcome: RaceOutcome;
  readonly evidence?: RuntimeEvidence;
  /** The order of SQL statements that gave it, where the database is in view. */
  readonly interleaving?: InterleavingEvidence;
  /** What has to be true is not true one request at a time either: in words. */
  readonly sequential?: string;
  /** Of what the trials made; the run's own inventory is apart. */
  readonly cleanup: Cleanup;
}

export interface CustomRunOptions extends RunOptions {
  /** What each trial sends, as a proof has it. */
  readonly only?: CustomSchedule;
}

/** Races a scenario of the user's own, to its verdict. Throws DeadheatError for a mistake in it. */
export async function runCustom(
  race: RaceContext,
  scenario: CustomScenario,
  options: CustomRunOptions,
): Promise<CustomResult> {
  const wanted = scenario.transports;
  const transports = wanted ? race.transports.filter((one) => wanted.includes(one.name)) : race.transports;
  const evaluator = new Evaluator();
  const cast = new Cast({ ...race, renewals: new Renewals(race.clock) }, scenario.principals);
  const variables = await variablesOf(scenario);
  for (const value of variables.values()) cast.hide(value);
  const context: CustomContext = {
    race: { ...race, transports },
    scenario,
    cast,
    evaluator,
    variables,
    open: new Set(),
    cleared: [],
  };
  let sequential: string | undefined;
  let result: RaceResult;
  try {
    result = await runPrepared(
      context.race,
      at(scenario),
      () =>
        transports.length === 0
          ? Promise.resolve({
              status: "inconclusive",
              reason: `the target does not speak ${wanted?.join(", ")}`,
            })
          : prepareCustom(context, options.only, (reason) => {
              sequential = reason;
            }),
      async () => ({ factor: 0, overlaps: false }),
      options,
    );
  } finally {
    for (const scene of context.open) await scene.clear();
    await evaluator.close();
  }
  const { outcome, evidence, interleaving } = result;
  return {
    outcome,
    ...(evidence ? { evidence } : {}),
    ...(interleaving ? { interleaving } : {}),
    ...(sequential === undefined ? {} : { sequential }),
    cleanup: totalOf(context.cleared),
  };
}

/** What its outcome is filed under: the first of its requests. */
function at({ concurrent, name }: CustomScenario): Pick<RaceOutcome, "weakness" | "operation"> {
  const { method = "", path = "" } = concurrent[0]?.request ?? {};
  return { weakness: name, operation: { method, path } };
}

export function totalOf(cleanups: readonly Cleanup[]): Cleanup {
  const left = new Map<string, Cleanup["left"][number]>();
  for (const one of cleanups.flatMap((cleanup) => cleanup.left)) {
    const key = `${one.by} ${one.reason}`;
    left.set(key, { ...one, count: (left.get(key)?.count ?? 0) + one.count });
  }
  return { removed: cleanups.reduce((sum, one) => sum + one.removed, 0), left: [...left.values()] };
}
