import type { History, Model, Operation } from "@deadheat/oracle";
import type { RaceContext } from "./context.ts";
import { judge } from "./judge.ts";
import type { Unlearned } from "./learn.ts";

export const CONTROL_OPERATIONS = 12;

/**
 * Runs a random sequence of operations one at a time, none of them used for the fit, and asks the
 * oracle whether the model explains it (DESIGN §6). Returns why not, or `undefined`.
 */
export async function controlRun<S, I, O>(
  context: RaceContext,
  model: Model<S, I, O>,
  operation: (index: number) => Promise<Operation<I, O>>,
): Promise<Unlearned | undefined> {
  const history: Operation<I, O>[] = [];
  for (let index = 0; index < CONTROL_OPERATIONS; index++) history.push(await operation(index));
  return explained(context, model, history);
}

export function explained<S, I, O>(
  context: RaceContext,
  model: Model<S, I, O>,
  history: History<I, O>,
): Unlearned | undefined {
  const result = judge(context.clock, model, history);
  if (result.verdict === "linearizable") return undefined;
  const detail = result.witness ? `: ${result.witness.summary}` : "";
  return {
    status: "model-unfit",
    reason: `a sequential control run of ${history.length} operations does not fit ${model.name}${detail}`,
  };
}
