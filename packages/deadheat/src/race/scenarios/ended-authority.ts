import { type CheckResult, type CounterInput, counter, type GuardInput, guard } from "@deadheat/oracle";
import type { Act } from "../../plan/plan.ts";
import type { Schedule } from "../../plan/schedule.ts";
import { vanDerCorput } from "../../random.ts";
import type { Authority } from "../authority.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { judge } from "../judge.ts";
import type { Behaviour, Unlearned } from "../learn.ts";
import { stillReads } from "../observe.ts";
import { faultsIn, slowDown } from "../round.ts";
import { authorityControl } from "./authority-control.ts";
import { historyOf, judgeRun, notesOf, overlaps, unjudgedReason } from "./authority-history.ts";
import { runAgainst, runSerially } from "./authority-run.ts";
import type { Prepared, Trial } from "./scenario.ts";

export type GuardedInput = GuardInput<CounterInput>;
export type GuardedOutput = number | string | undefined;

const AMOUNT = 5;
/** Offsets reach a little past the call's usual end. */
const REACH = 1.1;
/** One in so many trials holds the last byte back, the first among them. */
const HOLD_EVERY = 3;
const NOT_JUDGED: CheckResult = { verdict: "unknown", stats: { configs: 0, ms: 0 } };

/**
 * A call, and the end of what it rests on while it is under way: no effect may appear after the end was
 * acknowledged. By held bodies (deterministic where the server looks at the token when the headers are
 * there) and by offsets that sweep over the time that a call takes.
 */
export async function prepareEndedAuthority(
  context: RaceContext,
  act: Act,
  behaviour: Behaviour,
  authority: Authority,
): Promise<Prepared | Unlearned> {
  const model = guard(counter());
  const control = await authorityControl(context, act, behaviour, authority, model);
  if ("status" in control) return control;
  const trial = async (schedule: Schedule): Promise<Trial> => {
    const run = await runAgainst(context, act, behaviour, authority, schedule);
    const history = historyOf(run, behaviour);
    const unjudged = unjudgedReason(run);
    return {
      schedule,
      release: run.release,
      history,
      calls: notesOf(run, act, behaviour, authority),
      overlapped: overlaps(run),
      faults: faultsIn([run.call, run.end]),
      result: unjudged ? NOT_JUDGED : judgeRun(context, run, history, model),
      ...(unjudged === undefined ? {} : { unjudged }),
      ...slowDown([run.call, run.end]),
      summary: authority.summary,
      confirm: () => stillReads(context, behaviour.fit.gauge, run.fixture, run.late, run.readsAfter),
      async replaySerially() {
        const serial = await runSerially(context, act, behaviour, authority, schedule);
        return judge(context.clock, model, historyOf(serial, behaviour, "in doubt"));
      },
    };
  };
  return {
    model: "guard:counter",
    controls: control.controls,
    visibilityMs: behaviour.visibilityMs,
    ...(authority.atOnce === undefined ? {} : { atOnce: authority.atOnce }),
    ...(authority.mostTrials === undefined ? {} : { mostTrials: authority.mostTrials }),
    schedule: (index) => scheduleOf(context, act, behaviour, authority, index),
    trial,
  };
}

function scheduleOf(
  context: RaceContext,
  act: Act,
  { latency }: Behaviour,
  { heldOnly }: Authority,
  index: number,
): Schedule {
  const transport = context.transports[index % context.transports.length]?.name ?? "";
  const base = { transport, requests: 2, amount: AMOUNT, tokens: 2 };
  if ((heldOnly || index % HOLD_EVERY === 0) && canHold(context, act))
    return { ...base, offsetMs: 0, held: true };
  return { ...base, offsetMs: vanDerCorput(index) * latency.median * REACH };
}

/** Without a body there is no last byte to hold back. */
function canHold(context: RaceContext, act: Act): boolean {
  const nobody = {
    principal: { token: { value: "", headers: {} }, answers: new Map() },
    bindings: {},
    texts: {},
  };
  return (call(context, act, nobody, amountsOf(act, AMOUNT)).body?.length ?? 0) > 0;
}
