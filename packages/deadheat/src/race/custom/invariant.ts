import { DeadheatError } from "../../errors.ts";
import type { Invariant, Observation } from "../../plan/custom.ts";
import type { CustomContext } from "./context.ts";
import { watched } from "./expression/protocol.ts";

/** Whether an invariant holds, or in words why that cannot be told. */
export type Holding =
  | { readonly holds: boolean; readonly readAnswers: boolean }
  | { readonly problem: string };

export async function holds(
  { evaluator }: CustomContext,
  { test }: Invariant,
  observation: Observation,
): Promise<Holding> {
  const answer =
    typeof test === "string" ? await evaluator.evaluate(test, observation) : await called(test, observation);
  if ("problem" in answer) return answer;
  const { value, readAnswers } = answer;
  if (typeof value === "boolean") return { holds: value, readAnswers };
  return { problem: `is neither true nor false but ${kindOf(value)}` };
}

async function called(test: (observation: Observation) => unknown, observation: Observation) {
  const { input, wasRead } = watched(structuredClone(observation));
  try {
    return { value: await test(input as Observation), readAnswers: wasRead() };
  } catch (cause) {
    // An assertion that fails says that it does not hold; anything else is a mistake in the function.
    if ((cause as { code?: string }).code === "ERR_ASSERTION" || (cause as Error).name === "AssertionError")
      return { value: false, readAnswers: wasRead() };
    return { problem: `throws ${cause instanceof Error ? cause.name : "something"}` };
  }
}

/** Never the value itself: what an API answers may be secret. */
function kindOf(value: unknown): string {
  if (value === undefined) return "nothing: some name in it matches nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** How all invariants stand: the first that is violated, else the first that cannot be told. */
export async function firstViolated(
  context: CustomContext,
  invariants: readonly Invariant[],
  observation: Observation,
): Promise<{ readonly violated?: Invariant; readonly unjudged?: string; readonly readAnswers: boolean }> {
  let unjudged: string | undefined;
  let doubtful: Invariant | undefined;
  for (const invariant of invariants) {
    const holding = await holds(context, invariant, observation);
    if ("problem" in holding) unjudged ??= `${invariant.place}: ${holding.problem}`;
    else if (!holding.holds && !holding.readAnswers) return { violated: invariant, readAnswers: false };
    else if (!holding.holds) doubtful ??= invariant;
  }
  if (doubtful) return { violated: doubtful, readAnswers: true };
  return { readAnswers: false, ...(unjudged === undefined ? {} : { unjudged }) };
}

/** Throws DeadheatError unless all hold before the race: nothing could be concluded from what comes after. */
export async function assertHolds(
  context: CustomContext,
  invariants: readonly Invariant[],
  before: Readonly<Record<string, unknown>>,
  shown: (state: Readonly<Record<string, unknown>>) => string,
): Promise<void> {
  for (const invariant of invariants) {
    const holding = await holds(context, invariant, { before, after: before, answers: [] });
    if ("problem" in holding)
      throw new DeadheatError("scenario-invalid", `${invariant.place}: ${holding.problem}`, PROBLEM_HINT);
    if (!holding.holds)
      throw new DeadheatError(
        "scenario-failed",
        `${invariant.place}: is false before the race (${shown(before)})`,
        "Correct it, or the set-up: it has to be true before the requests are sent.",
      );
  }
}

const PROBLEM_HINT = "It has to be true or false over { before, after, answers }; docs/race.md has examples.";
