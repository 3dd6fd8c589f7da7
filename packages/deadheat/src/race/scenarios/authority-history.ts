import type { CheckResult, GuardState, History, Model, Operation } from "@deadheat/oracle";
import { operationName } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import type { Authority } from "../authority.ts";
import type { RaceContext } from "../context.ts";
import { type Exchange, refused, succeeded } from "../exchange.ts";
import { judge } from "../judge.ts";
import type { Behaviour } from "../learn.ts";
import { gaugeName } from "../observe.ts";
import { outcomeOf, readOf } from "../round.ts";
import type { AuthorityRun } from "./authority-run.ts";
import type { GuardedInput, GuardedOutput } from "./ended-authority.ts";
import type { CallNote } from "./scenario.ts";

type GuardedHistory = History<GuardedInput, GuardedOutput>;
type GuardedModel = Model<GuardState<number>, GuardedInput, GuardedOutput>;

/** Answers that refuse a call whose authority has ended; that they change nothing, the control run saw. */
export const REFUSALS = [401, 403, 404] as const;

export function rejectionsOf({ refusals }: Behaviour): ReadonlySet<number> {
  return new Set([...refusals, ...REFUSALS]);
}

/** `in doubt`: a call that was not refused may or may not have taken effect. */
export function historyOf(run: AuthorityRun, behaviour: Behaviour, answers?: "in doubt"): GuardedHistory {
  const read: GuardedInput = { type: "bypass", input: { type: "read" } };
  const doubtful = answers === "in doubt" && !refused(run.call);
  const history: Operation<GuardedInput, GuardedOutput>[] = [
    {
      ...timesOf(run.call),
      id: "r1",
      process: "c1",
      input: { type: "call", token: "A", input: { type: "add", amount: run.effect } },
      outcome: doubtful ? "unknown" : outcomeOf(run.call, rejectionsOf(behaviour)),
    },
    {
      ...timesOf(run.end),
      id: "r2",
      process: "c2",
      input: { type: "revoke", token: "A" },
      outcome: succeeded(run.end) ? "ok" : "unknown",
    },
  ];
  // Whether the others took effect is told by the reads alone.
  for (const [index, exchange] of (run.others ?? []).entries())
    history.push({
      ...timesOf(exchange),
      id: `r${index + 3}`,
      process: `c${index + 3}`,
      input: { type: "call", token: "A", input: { type: "add", amount: run.effect } },
      outcome: "unknown",
    });
  if (run.earlyRead && run.early !== undefined)
    history.push(readOf<GuardedInput, GuardedOutput>("read1", run.earlyRead, read, changeTo(run, run.early)));
  if (run.late !== undefined)
    history.push(readOf<GuardedInput, GuardedOutput>("read2", run.lateRead, read, changeTo(run, run.late)));
  return history;
}

function changeTo({ initial = 0 }: AuthorityRun, value: number): number {
  return Number((value - initial).toFixed(6));
}

function timesOf(exchange: Exchange) {
  return { invoke: exchange.invoke, ...(exchange.return === undefined ? {} : { return: exchange.return }) };
}

/**
 * The answer to the call proves nothing: a 200 may be undone. Only what the reader sees counts. Where that shows
 * a race and bears out the answer, the answer makes the witness that names the call.
 */
export function judgeRun(
  context: RaceContext,
  run: AuthorityRun,
  history: GuardedHistory,
  model: GuardedModel,
): CheckResult {
  const doubtful = history.map((one) => (one.id === "r1" ? { ...one, outcome: "unknown" as const } : one));
  const byState = judge(context.clock, model, doubtful) as CheckResult;
  const change = changeTo(run, run.late ?? 0);
  if (run.others || byState.verdict !== "race" || !succeeded(run.call) || change !== run.effect)
    return byState;
  const byAnswers = judge(context.clock, model, history) as CheckResult;
  return byAnswers.verdict === "race" ? byAnswers : byState;
}

export function unjudgedReason(run: AuthorityRun): string | undefined {
  if (!succeeded(run.end)) return `what ends the authority answered ${run.end.status ?? run.end.failure}`;
  if (run.initial === undefined || run.early === undefined || run.late === undefined)
    return "the state could not be read back";
  const early = changeTo(run, run.early);
  const late = changeTo(run, run.late);
  if (run.effect === 0) return "the call would have set the value that was there";
  const calls = [run.call, ...(run.others ?? [])];
  const took = (change: number) => Math.round((change / run.effect) * 1e6) / 1e6;
  if (
    [early, late].some(
      (change) => !Number.isInteger(took(change)) || took(change) < 0 || took(change) > calls.length,
    )
  )
    return "the value changed by what the call cannot have added: something else changes it too";
  // Acknowledged before the read was sent, and not shown by it: the read was stale.
  const acknowledged = calls.filter(
    (one) => succeeded(one) && (one.return ?? 0) < (run.earlyRead?.invoke ?? 0),
  ).length;
  if (took(early) < acknowledged && took(late) > took(early))
    return "a read did not show a write that was acknowledged before it";
  return undefined;
}

/** The call was still under way when its end was sent. */
export function overlaps({ call: called, end }: AuthorityRun): boolean {
  if (called.return === undefined || end.return === undefined) return false;
  return end.invoke < called.return && called.invoke < end.return;
}

export function notesOf(
  run: AuthorityRun,
  act: Act,
  { fit }: Behaviour,
  authority: Authority,
): Map<string, CallNote> {
  const seen = (exchange: Exchange) => ({
    ...(exchange.status === undefined ? {} : { status: exchange.status }),
    exchange,
  });
  const [place] = gaugeName(fit.gauge).split(" of ");
  const reads = {
    operation: operationName(fit.gauge.observer),
    does: `read ${place} ${authority.reader}`,
  };
  const acts = fit.does ?? `add ${run.effect}`;
  const call = { operation: operationName(act.operation), does: `${acts} ${authority.caller}` };
  return new Map<string, CallNote>([
    ["r1", { ...call, ...seen(run.call) }],
    ...(run.others ?? []).map((one, index): [string, CallNote] => [
      `r${index + 3}`,
      { ...call, ...seen(one) },
    ]),
    ["r2", { operation: authority.endedBy, does: authority.does, ...seen(run.end) }],
    ["read1", { ...reads, ...(run.earlyRead ? seen(run.earlyRead) : {}) }],
    ["read2", { ...reads, ...seen(run.lateRead) }],
  ]);
}
