import { type CheckResult, type Operation, type ReplayedInput, replayed } from "@deadheat/oracle";
import type { RaceContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { judge } from "../judge.ts";
import { couldBeTheirs } from "./effects.ts";
import { answerOf } from "./one-at-a-time.ts";
import { type Kind, NAMES, type OneAtATime, type Outcome, type Pair, sequenceOf } from "./pair.ts";
import type { Performance, Seen } from "./perform.ts";
import { differences, type State, without } from "./state.ts";
import { statesIn } from "./watch.ts";

export interface Judged {
  readonly history: Operation<ReplayedInput, string | undefined>[];
  readonly result: CheckResult;
  readonly outcome: Outcome;
  readonly unjudged?: string;
}

const FOREIGN = "the state shows what the requests cannot have made: something else changes it too";

/**
 * Some order of the requests has to explain who was acknowledged and the state in the end. A refusal may be the
 * API's answer to concurrency alone (409 of an optimistic lock), so it binds to nothing: the request may have taken
 * effect, or not.
 */
export function judgeOrders(
  context: Pick<RaceContext, "clock">,
  { binding }: Pick<Pair, "binding">,
  known: OneAtATime,
  performance: Performance,
): Judged {
  const { kinds, exchanges } = performance;
  const { invoke, return: end } = performance.read;
  const final = without(performance.after, known.unstable);
  const labels = labelsOf(known.states);
  const like = [...known.states].find(([, state]) => differences(state, final).length === 0)?.[0];
  const history: Operation<ReplayedInput, string | undefined>[] = exchanges.map((exchange, index) => {
    const kind = kinds[index] as Kind;
    return {
      id: `r${index + 1}`,
      process: `c${index + 1}`,
      invoke: exchange.invoke,
      ...(exchange.return === undefined ? {} : { return: exchange.return }),
      input: { type: "call", name: NAMES[kind], acknowledged: known.acknowledged[kind] },
      outcome: answerOf(exchange) === "ok" ? "ok" : "unknown",
    };
  });
  if (performance.seen) history.push(...seenBy(known, performance.seen));
  history.push({
    id: "read",
    process: "observer",
    invoke,
    return: end,
    input: { type: "read", states: labels },
    output: like === undefined ? OTHER : (labels[like] ?? OTHER),
    outcome: "ok",
  });
  const result = verdict(context, history, bound(binding, kinds, exchanges));
  const outcome = outcomeOf(known, performance, final, like);
  const unclear = exchanges.find((one) => answerOf(one) === undefined);
  if (result.verdict !== "race") return { history, result, outcome };
  // Half of a request that failed is no matter of order.
  if (unclear)
    return notJudged(history, outcome, `a request was answered ${unclear.status ?? unclear.failure}`);
  if (!couldBeTheirs(known, counted(performance), final)) return notJudged(history, outcome, FOREIGN);
  return { history, result: whole(history, result), outcome };
}

/** Of two requests both are needed to see what happened, and what came of it. */
function whole(history: Judged["history"], result: CheckResult): CheckResult {
  if (!result.witness || history.length > 4) return result;
  return { ...result, witness: { ...result.witness, core: history.map((one) => one.id) } };
}

/** A read in between, where it shows what was read one at a time as well. */
function seenBy(known: OneAtATime, { name, state, invoke, return: end }: Seen): Judged["history"] {
  const states = statesIn(known, name);
  const shown = without(state, known.unstable);
  const like = [...states].find(([, one]) => differences(one, shown).length === 0)?.[0];
  if (like === undefined) return [];
  const labels = labelsOf(states);
  const input = { type: "read", states: labels } as const;
  const at = { invoke, return: end };
  return [{ id: "seen", process: "observer", ...at, input, output: labels[like], outcome: "ok" }];
}

/**
 * The requests whose acknowledgement binds: of equal ones the first only. Two deletes at once may both be answered 204
 * though the second finds nothing, and two equal writes be taken for one.
 */
function bound(
  binding: Pair["binding"],
  kinds: readonly Kind[],
  exchanges: readonly Exchange[],
): ReadonlySet<string> {
  const ids = ([0, 1] as const).flatMap((kind) => {
    const first = exchanges.findIndex((one, index) => kinds[index] === kind && answerOf(one) === "ok");
    return binding[kind] && first >= 0 ? [`r${first + 1}`] : [];
  });
  return new Set(ids);
}

function verdict(
  { clock }: Pick<RaceContext, "clock">,
  history: Judged["history"],
  binds: ReadonlySet<string>,
): CheckResult {
  const doubtful = history.map((one) =>
    one.input.type === "read" || binds.has(one.id) ? one : { ...one, outcome: "unknown" as const },
  );
  const byState = judge(clock, replayed(), doubtful) as CheckResult;
  if (byState.verdict !== "race" || binds.size === 2) return byState;
  // With their answers the witness of few says more; that there is one was shown without them.
  const answered = judge(clock, replayed(), history) as CheckResult;
  const few = history.filter((one) => one.input.type === "call").length <= 2;
  return few && answered.verdict === "race" ? answered : byState;
}

export const OTHER = "as after no order";

function notJudged(history: Judged["history"], outcome: Outcome, unjudged: string): Judged {
  return { history, result: { verdict: "unknown", stats: { configs: 0, ms: 0 } }, outcome, unjudged };
}

/** Sequences that leave the same behind share a name. */
export function labelsOf(states: ReadonlyMap<string, State>): Record<string, string> {
  const labels: Record<string, string> = {};
  const known: [string, State][] = [];
  for (const [sequence, state] of states) {
    const same = known.find(([, other]) => differences(state, other).length === 0);
    if (!same) known.push([sequence, state]);
    labels[sequence] = `as after ${(same?.[0] ?? sequence) || "nothing"}`;
  }
  return labels;
}

function counted({ kinds, exchanges }: Performance): [number, number] {
  const of = (wanted: Kind) =>
    kinds.filter((kind, index) => kind === wanted && answerOf(exchanges[index] as never) === "ok").length;
  return [of(0), of(1)];
}

function outcomeOf(
  known: OneAtATime,
  { kinds, exchanges, seen }: Performance,
  final: State,
  like: string | undefined,
): Outcome {
  const [a, b] = counted({ kinds, exchanges } as Performance);
  const all = known.states.get(sequenceOf(kinds));
  return {
    acknowledged: a + b,
    requests: exchanges.length,
    like,
    late: like !== undefined && seen !== undefined,
    places: all ? differences(all, final) : [],
  };
}
