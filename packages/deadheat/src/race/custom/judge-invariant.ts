import type { CheckResult, Operation } from "@deadheat/oracle";
import type { Invariant } from "../../plan/custom.ts";
import { refused, succeeded } from "../exchange.ts";
import type { CallNote } from "../scenarios/scenario.ts";
import type { CustomContext } from "./context.ts";
import { assertHolds, firstViolated } from "./invariant.ts";
import { type Judge, type Judgement, NOT_JUDGED } from "./judgement.ts";
import { callerOf, doesOf, noteOf, operationOf } from "./notes.ts";
import { stateText } from "./shown.ts";
import { isAmbiguous, observationOf, type Performance, requestsOf, stateOf } from "./trial.ts";

/** Judges by expressions over the state and the answers. */
export function judgeByInvariant(context: CustomContext, invariants: readonly Invariant[]): Judge {
  const shown = (state: Readonly<Record<string, unknown>>) => stateText(context, state);
  return {
    model: "invariant",
    words: invariants.map(({ text }) => text).join("; "),
    seen: async (readings) => stateOf(readings),
    assertBefore: ({ before }) => assertHolds(context, invariants, stateOf(before), shown),
    async judge(performance) {
      const observation = observationOf(context.scenario, performance);
      const { violated, unjudged, readAnswers } = await firstViolated(context, invariants, observation);
      const told = recorded(context, performance, shown);
      const base = { ...told, wrong: "" };
      if (unjudged !== undefined) return { ...base, result: NOT_JUDGED, unjudged };
      if (!violated) return { ...base, result: { verdict: "linearizable", stats: NO_SEARCH } };
      const doubtful = performance.exchanges.find(isAmbiguous);
      if (readAnswers && doubtful)
        return {
          ...base,
          result: NOT_JUDGED,
          unjudged: `a request was answered ${doubtful.status ?? doubtful.failure}: what an invariant says of answers cannot be told`,
        };
      const wrong = `${violated.text} is false: ${shown(observation.before)} before, ${shown(observation.after)} after`;
      return {
        ...base,
        wrong,
        result: { verdict: "race", witness: witnessOf(told.history, performance, wrong), stats: NO_SEARCH },
      };
    },
  };
}

const NO_SEARCH = { configs: 0, ms: 0 };

function recorded(
  { scenario }: CustomContext,
  { exchanges, before, after }: Performance,
  shown: (state: Readonly<Record<string, unknown>>) => string,
): Pick<Judgement, "history" | "calls"> {
  const history: Operation<unknown, unknown>[] = [];
  const calls = new Map<string, CallNote>();
  const read = (id: string, readings: Performance["after"]) => {
    for (const [index, { step, exchange }] of readings.entries()) {
      const own = readings.length === 1 ? id : `${id}${index + 1}`;
      history.push(
        operationOf(own, "observer", exchange, { type: "observe" }, shown(stateOf([{ step, exchange }]))),
      );
      calls.set(own, noteOf(step, exchange, `observe ${callerOf(step)}`));
    }
  };
  read("before", before);
  const steps = requestsOf(scenario);
  for (const [index, exchange] of exchanges.entries()) {
    const step = steps[index];
    if (!step) continue;
    const id = `r${index + 1}`;
    history.push(operationOf(id, `c${index + 1}`, exchange, { type: "call", step: step.name }, undefined));
    calls.set(id, noteOf(step, exchange, doesOf(step)));
  }
  read("after", after);
  return { history, calls };
}

/** All that was not refused, and what was read afterwards: nothing smaller is known to suffice. */
function witnessOf(
  history: readonly Operation<unknown, unknown>[],
  { exchanges }: Performance,
  wrong: string,
): NonNullable<CheckResult["witness"]> {
  const operations = history.filter(({ id }) => {
    const exchange = /^r\d+$/.test(id) ? exchanges[Number(id.slice(1)) - 1] : undefined;
    return !id.startsWith("before") && !(exchange && refused(exchange));
  });
  const core = operations.map((one) => one.id);
  const last = core.at(-1) ?? "";
  const acknowledged = exchanges.filter(succeeded).length;
  const summary = `${acknowledged} of ${exchanges.length} acknowledged; ${wrong}`;
  return {
    operations,
    core,
    omitted: [],
    minimal: false,
    checks: 0,
    groups: [],
    summary,
    explanation: {
      initial: "",
      complete: true,
      order: [],
      stuck: { id: last, text: wrong },
      alternatives: [],
      words: `The invariant held before. After ${acknowledged} acknowledged requests ${wrong}.`,
    },
  };
}
