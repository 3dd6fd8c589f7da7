import { modelNamed, type Operation } from "@deadheat/oracle";
import { DeadheatError } from "../../errors.ts";
import type { CustomStep } from "../../plan/custom.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import { judge } from "../judge.ts";
import type { CallNote } from "../scenarios/scenario.ts";
import type { CustomContext } from "./context.ts";
import { type Judge, type Judgement, NOT_JUDGED, Unreadable } from "./judgement.ts";
import { callerOf, noteOf, operationOf } from "./notes.ts";
import { type Performance, type Reading, requestsOf } from "./trial.ts";

/** Judges by a sequential specification: some order of the requests has to explain the answers and the state. */
export function judgeByModel(context: CustomContext, name: string, place: string): Judge {
  const model = modelNamed(name);
  const { clock } = context.race;
  return {
    model: name,
    words: `the model ${name}`,
    seen: (readings) => Promise.all(readings.map((one) => outputOf(context, one.step, one.exchange))),
    async assertBefore({ before }) {
      const told = await readable(() => recorded(context, name, { before }));
      if ("unjudged" in told)
        throw new DeadheatError("scenario-failed", `${place}: ${told.unjudged}`, READ_HINT);
      const { verdict, witness } = judge(clock, model, told.history);
      if (verdict === "linearizable") return;
      throw new DeadheatError(
        "scenario-failed",
        `${place}: ${name} does not allow the state before the race${witness ? ` (${witness.summary})` : ""}`,
        "Correct the model, the output: of the reads, or the set-up.",
      );
    },
    async judge(performance): Promise<Judgement> {
      const told = await readable(() => recorded(context, name, performance));
      if ("unjudged" in told)
        return { history: [], calls: new Map(), result: NOT_JUDGED, wrong: "", unjudged: told.unjudged };
      const result = judge(clock, model, told.history);
      return {
        ...told,
        result,
        wrong: result.witness ? `no order of the requests explains ${result.witness.summary}` : "",
      };
    },
  };
}

const READ_HINT = "Give the read an output: that finds it in the answer, as in output: stock.";

async function readable<T>(work: () => Promise<T>): Promise<T | { readonly unjudged: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unreadable) return { unjudged: error.message };
    throw error;
  }
}

async function recorded(
  context: CustomContext,
  model: string,
  { before, exchanges = [], between = [], after = [] }: Partial<Performance> & Pick<Performance, "before">,
): Promise<Pick<Judgement, "history" | "calls">> {
  const history: Operation<unknown, unknown>[] = [];
  const calls = new Map<string, CallNote>();
  const read = async (prefix: string, readings: readonly Reading[]) => {
    for (const [index, { step, exchange }] of readings.entries()) {
      const output = await outputOf(context, step, exchange);
      // The state cannot have been read before it was asked for.
      if (prefix === "before") history.push(...startOf(model, index, output, exchange.invoke));
      const id = `${prefix}${index + 1}`;
      history.push(operationOf(id, "observer", exchange, step.operation?.input, output));
      calls.set(id, noteOf(step, exchange, describe(step)));
    }
  };
  await read("before", before);
  const steps = requestsOf(context.scenario);
  for (const [index, exchange] of exchanges.entries()) {
    const step = steps[index] as CustomStep;
    const output =
      succeeded(exchange) && step.operation?.output !== undefined
        ? await outputOf(context, step, exchange)
        : undefined;
    history.push(operationOf(`r${index + 1}`, `c${index + 1}`, exchange, step.operation?.input, output));
    calls.set(`r${index + 1}`, noteOf(step, exchange, `${describe(step)} ${callerOf(step)}`));
  }
  await read("between", between);
  await read("read", after);
  for (const { id } of history)
    if (id.startsWith("start")) calls.set(id, { operation: "", does: "what was there before" });
  return { history, calls };
}

function describe({ operation }: CustomStep): string {
  const { type, ...rest } = (operation?.input ?? {}) as { type?: string };
  return [type, ...Object.values(rest)].join(" ");
}

/** The oracle's counter begins at 0 and its register at null: what was there before is put there first. */
function startOf(
  model: string,
  index: number,
  output: unknown,
  before: number,
): Operation<unknown, unknown>[] {
  const input =
    model === "counter"
      ? { type: "add", amount: output }
      : model === "register"
        ? { type: "write", value: output }
        : undefined;
  if (!input || index > 0) return [];
  const at = { invoke: before - 2, return: before - 1 };
  return [{ id: "start", process: "set-up", ...at, input, outcome: "ok" }];
}

async function outputOf(
  { cast, evaluator }: CustomContext,
  step: CustomStep,
  { body }: Exchange,
): Promise<unknown> {
  const { output } = step.operation ?? {};
  if (output === undefined) return undefined;
  const answer = await evaluator.evaluate(output, body);
  if ("problem" in answer) throw new Unreadable(`${step.place}.operation.output: ${answer.problem}`);
  if (answer.value === undefined)
    throw new Unreadable(`${step.place}.operation.output: matches nothing in the answer`);
  // Outputs stand in reports.
  if (typeof answer.value === "string" && cast.keepsSecret(answer.value))
    throw new Unreadable(
      `${step.place}.operation.output: is a token or a password, which no report may hold`,
    );
  return answer.value;
}
