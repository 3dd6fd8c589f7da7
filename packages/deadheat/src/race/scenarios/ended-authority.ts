import { type CheckResult, type CounterInput, counter, type GuardInput, guard } from "@deadheat/oracle";
import type { Stage } from "../../plan/interleaving.ts";
import { operationName } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import type { Schedule } from "../../plan/schedule.ts";
import type { Authority } from "../authority.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { refused } from "../exchange.ts";
import type { Fixture } from "../fixture.ts";
import { judge } from "../judge.ts";
import type { Change } from "../kept-here.ts";
import type { Behaviour, Unlearned } from "../learn.ts";
import { shownAt, stillReads } from "../observe.ts";
import { faultsIn, slowDown } from "../round.ts";
import { pairTransport } from "../together.ts";
import { turnOf } from "../transport/index.ts";
import { spacing, VOLLEY } from "./across-end.ts";
import { authorityControl } from "./authority-control.ts";
import { historyOf, judgeRun, notesOf, overlaps, unjudgedReason } from "./authority-history.ts";
import { type AuthorityRun, runAgainst, runSerially } from "./authority-run.ts";
import { legitimateUse } from "./legitimate-use.ts";
import { OffsetSearch } from "./offset-search.ts";
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
  let last: Fixture | undefined;
  let crossed = 0;
  const search = new OffsetSearch(behaviour.latency.median * REACH);
  const trial = async (schedule: Schedule, stage?: Stage): Promise<Trial> => {
    const run = await runAgainst(context, act, behaviour, authority, schedule, stage);
    last = run.fixture;
    const aimed = !schedule.held && !stage && !authority.byItself && run.call.status !== undefined;
    const history = historyOf(run, behaviour);
    const unjudged = unjudgedReason(run);
    const result = unjudged ? NOT_JUDGED : judgeRun(context, run, history, model);
    if (aimed) search.saw(schedule.offsetMs, refused(run.call), result.verdict === "race");
    if (run.others && unjudged === undefined) crossed++;
    return {
      schedule,
      release: run.release,
      history,
      calls: notesOf(run, act, behaviour, authority),
      overlapped: overlaps(run),
      faults: faultsIn([run.call, run.end]),
      result,
      ...(unjudged === undefined ? {} : { unjudged }),
      ...slowDown([run.call, run.end]),
      changes: [changeIn(run, behaviour)],
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
    ...(authority.byItself === "held and across" ? { enough: () => crossed >= ENOUGH_CROSSED } : {}),
    schedule: (index) => scheduleOf(context, act, search, authority, behaviour, index),
    afterwards: async () =>
      last && !authority.takesMore ? legitimateUse(context, last, behaviour.fit.gauge.observer) : [],
    trial,
    window: () => search.window(),
    // What ends by itself needs no second request to be worked on, and sends no statement that could be put anywhere.
    ...(authority.byItself
      ? { overlap: async () => ({ factor: 1, overlaps: true }) }
      : {
          interleaved: {
            bases: [
              { transport: pairTransport(context), requests: 2, amount: AMOUNT, tokens: 2, offsetMs: 0 },
            ],
            alike: false,
            names: [operationName(act.operation), authority.endedBy],
          },
        }),
  };
}

/** A text is judged by a number that stands for it, which no database knows. */
function changeIn({ initial, late, lateRead }: AuthorityRun, { fit: { gauge } }: Behaviour): Change {
  return gauge.text ? { after: shownAt(gauge, lateRead) } : { before: initial, after: late };
}

function scheduleOf(
  context: RaceContext,
  act: Act,
  search: OffsetSearch,
  { byItself }: Authority,
  { latency }: Behaviour,
  index: number,
): Schedule {
  const transport = turnOf(context.transports, index)?.transport.name ?? "";
  const base = { transport, requests: 2, amount: AMOUNT, tokens: 2 };
  const holds = canHold(context, act);
  if (byItself === "held and across" && (index % HOLD_EVERY > 0 || !holds))
    return {
      ...base,
      transport: pairTransport(context),
      requests: VOLLEY,
      offsetMs: spacing(latency.median),
    };
  if (holds && (byItself || index % HOLD_EVERY === 0)) return { ...base, offsetMs: 0, held: true };
  const heldBefore = holds ? Math.floor(index / HOLD_EVERY) + 1 : 0;
  return { ...base, offsetMs: search.next(index - heldBefore) };
}

/** Trials whose calls were let in and refused: aimed at an end, and on a busy machine many miss it. */
const ENOUGH_CROSSED = 4;

/** Without a body there is no last byte to hold back. */
function canHold(context: RaceContext, act: Act): boolean {
  const nobody = {
    principal: { token: { value: "", headers: {} }, answers: new Map() },
    bindings: {},
    texts: {},
  };
  return (call(context, act, nobody, amountsOf(act, AMOUNT)).body?.length ?? 0) > 0;
}
