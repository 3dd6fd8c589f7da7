import type { CheckResult } from "@deadheat/oracle";
import { DeadheatError } from "../../errors.ts";
import { SetupFailed } from "../credentials/credentials.ts";
import { RecipeFailed } from "../recipe.ts";
import type { CustomContext } from "./context.ts";
import type { Judge } from "./judgement.ts";
import type { Scene } from "./scene.ts";
import { extractedFrom, unmatched } from "./step.ts";
import { type Performance, raceInTurn } from "./trial.ts";

/** A model has to explain so many operations one at a time before it is believed (DESIGN §6). */
const CONTROL_OPERATIONS = 10;
const MOST_REHEARSALS = 5;

export interface Rehearsal {
  /** What the scenario says does not hold one at a time either; in words. */
  readonly unfit?: string;
  /** Shortest time of a request alone, ms. */
  readonly latencyMs: number;
}

/**
 * The scenario one request at a time, before any race. What fails here is the scenario's mistake or the API's, and
 * is said with its place. Throws DeadheatError.
 */
export async function rehearse(
  context: CustomContext,
  judge: Judge,
  requests: number,
  orders: readonly number[][],
): Promise<Rehearsal> {
  const isModel = judge.model !== "invariant";
  const times = isModel ? Math.min(MOST_REHEARSALS, Math.ceil(CONTROL_OPERATIONS / (2 * requests))) : 1;
  let latencyMs = Number.POSITIVE_INFINITY;
  for (let index = 0; index < times; index++) {
    const order = index === 0 ? [...Array(requests).keys()] : (orders[index % orders.length] as number[]);
    const performance = await mistakes(() => raceInTurn(context, order, isModel));
    let left: Awaited<ReturnType<Performance["scene"]["clear"]>> = [];
    try {
      await judge.assertBefore(performance);
      assertExtracted(performance);
      const { result, unjudged, wrong } = await judge.judge(performance);
      if (unjudged !== undefined) throw new DeadheatError("scenario-failed", unjudged, SEQUENTIAL_HINT);
      for (const { invoke, return: end } of performance.exchanges)
        latencyMs = Math.min(latencyMs, (end ?? Number.POSITIVE_INFINITY) - invoke);
      if (result.verdict === "race") return { unfit: sequentially(wrong), latencyMs };
      if (result.verdict === "unknown")
        return { unfit: "the oracle's budget ended on the requests one at a time", latencyMs };
    } finally {
      left = await performance.scene.clear();
    }
    await assertCleared(context, performance.scene, left);
  }
  return { latencyMs };
}

function sequentially(wrong: string): string {
  return `violated by the same requests one at a time, so not a race: ${wrong}`;
}

const SEQUENTIAL_HINT =
  "The requests were sent one at a time, so this is not a race; docs/race.md says what each part sees.";

const RECIPE_HINT = "Check the user, the password and the path of this recipe under principals.";
const STEP_HINT = "Correct it there; what had been made by then has been taken away.";

async function mistakes<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RecipeFailed)
      throw new DeadheatError("login-failed", error.message, RECIPE_HINT, error);
    if (error instanceof SetupFailed)
      throw new DeadheatError("scenario-failed", error.message, STEP_HINT, error);
    throw error;
  }
}

/** A path that matches neither before nor after is a typing error. */
function assertExtracted({ before, after }: Performance): void {
  for (const { step } of after) {
    const own = (readings: Performance["after"]) => readings.filter((one) => one.step === step);
    const seen = new Set(
      [...own(before), ...own(after)].flatMap((one) => Object.keys(extractedFrom(step, one.exchange))),
    );
    const missing = Object.keys(step.extract).find((name) => !seen.has(name));
    const reading = own(after)[0];
    if (missing === undefined || !reading) continue;
    const { message } = unmatched(step, missing, reading.exchange);
    throw new DeadheatError("scenario-failed", message, "Correct the JSONPath; `$.a.b` is b inside of a.");
  }
}

/** Sixty trials would leave sixty times as much behind; this one leaves as little as can be. */
async function assertCleared(
  { scenario }: CustomContext,
  scene: Scene,
  left: readonly { readonly by: string; readonly reason: string }[],
): Promise<void> {
  for (const { place } of scenario.cleanUp) {
    const failed = left.find(({ by }) => by.startsWith(`${place}: `));
    if (!failed) continue;
    const kept = await scene.withdraw();
    const rest =
      kept.length === 0
        ? "what the set-up had made was deleted at its Location."
        : `what may be left behind is of ${kept.join("; ")}.`;
    throw new DeadheatError(
      "scenario-failed",
      `${failed.by}: the clean-up failed (${failed.reason})`,
      `Correct the clean-up, or leave it out; ${rest}`,
    );
  }
}

/** The same requests one at a time in each order, from fresh set-ups; what is violated there is not a race. */
export async function inTurn(
  context: CustomContext,
  judge: Judge,
  orders: readonly number[][],
): Promise<{ readonly result: CheckResult; readonly reason: string } | undefined> {
  for (const order of orders) {
    const performance = await raceInTurn(context, order);
    try {
      const { result, wrong, unjudged } = await judge.judge(performance);
      if (unjudged !== undefined) throw new SetupFailed(`one at a time: ${unjudged}`);
      if (result.verdict !== "linearizable") return { result, reason: sequentially(wrong) };
    } finally {
      await performance.scene.clear();
    }
  }
  return undefined;
}
