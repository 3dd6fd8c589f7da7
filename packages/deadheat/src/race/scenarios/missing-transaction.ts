import { type CheckResult, replayed } from "@deadheat/oracle";
import type { Stage } from "../../plan/interleaving.ts";
import { operationName } from "../../plan/operation.ts";
import type { Candidate } from "../../plan/plan.ts";
import type { Schedule } from "../../plan/schedule.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { succeeded } from "../exchange.ts";
import { judge } from "../judge.ts";
import { historyOf, notesOf } from "../pairs/halves.ts";
import { makeOrders, stillSo } from "../pairs/one-at-a-time.ts";
import { overlapOf } from "../pairs/overlap.ts";
import type { OneAtATime, Pair } from "../pairs/pair.ts";
import { type Halves, halvesIn, partsOf } from "../pairs/parts.ts";
import { type Reading, stateNow, writeWhileReading } from "../pairs/reading.ts";
import { changesBetween, differences, type State, seenFrom } from "../pairs/state.ts";
import { watchedWrite } from "../pairs/watched-write.ts";
import { faultsIn, slowDown } from "../round.ts";
import { pairTransport } from "../together.ts";
import type { OwnScenario, Prepared, Trial } from "./scenario.ts";

const MOST_TRIALS = 24;
/** What one trial shows may be somebody else's doing: it has to be seen again. */
const SIGHTINGS = 2;
const CONTROLS = 20;
/** On its way to the server a read may overtake a write that left less than this before it, ms. */
const HEAD_START_MS = 2;
/** Once may be chance on the way. */
const ENOUGH_OVERTAKEN = 6;
const ONE_TOKEN = { tokens: 1, users: 1 } as const;

/** A write, and reads while it is under way: of what it does, they may see nothing or all. */
export const missingTransaction: OwnScenario = {
  weakness: "missing-transaction",
  learns: "itself",
  async prepare(context, { act }) {
    const pair = watchedWrite(context, act);
    const known = await makeOrders(context, pair, ONE_TOKEN, [0]);
    if ("status" in known) return known;
    const reason = pair.unsuitable(known);
    if (reason !== undefined) return { status: "not-applicable", reason };
    if (!(await showsAtOnce(context, pair, known)))
      return { status: "inconclusive", reason: "what it does does not show in the very next read" };
    return new Watched(context, act, pair, known).prepared();
  },
};

/** A cache or a replica that lags shows parts at different times, though they were written at once. */
async function showsAtOnce(context: RaceContext, pair: Pair, known: OneAtATime): Promise<boolean> {
  const transport = context.transports.find((one) => one.name === pairTransport(context));
  if (!transport) return false;
  for (let index = 0; index < CONTROLS; index++) {
    const { write, after } = await writeWhileReading(context, pair, { transport, known, secondToken: false });
    if (!succeeded(write) || !isAsAfter(known, "a", after)) return false;
  }
  return true;
}

function isAsAfter({ states }: OneAtATime, sequence: string, state: State): boolean {
  const wanted = states.get(sequence);
  return wanted !== undefined && differences(wanted, state).length === 0;
}

/** One of the reads alone fits no order, but might itself have looked twice; only both together tell. */
function whole(result: CheckResult, history: Trial["history"]): CheckResult {
  if (!result.witness) return result;
  return { ...result, witness: { ...result.witness, core: history.map((one) => one.id) } };
}

/**
 * Two reads, one after the other, came and went while the write was under way. One would not do: of what waits, a server
 * that takes one request after another may take the later first.
 */
function wasOvertaken({ release, write: { return: end = 0 }, looks }: Reading): boolean {
  const within = looks.filter(
    (look) => look.invoke > release + HEAD_START_MS && look.return < end - HEAD_START_MS,
  );
  return within.some((one) => within.some((other) => other.invoke >= one.return));
}

class Watched {
  readonly #context: RaceContext;
  readonly #act: Candidate["act"];
  readonly #pair: Pair;
  readonly #known: OneAtATime;
  #sightings = 0;
  #overtaken = 0;

  constructor(context: RaceContext, act: Candidate["act"], pair: Pair, known: OneAtATime) {
    this.#context = context;
    this.#act = act;
    this.#pair = pair;
    this.#known = known;
  }

  prepared(): Prepared {
    const base = { transport: pairTransport(this.#context), requests: 2, amount: 0, offsetMs: 0 };
    const { operation, observers, scheme } = this.#act;
    const second = this.#context.credentials.get(scheme)?.secondToken ? 2 : 1;
    return {
      model: "replayed",
      controls: [
        `${CONTROLS} of ${CONTROLS} acknowledged calls, with reads beside them, showed all of their effect in the very next read`,
        "a part there and, in a read that began later, another part missing was seen in two trials at least",
      ],
      serialControl: "the same call one at a time leaves what it left",
      visibilityMs: 0,
      mostTrials: MOST_TRIALS,
      schedule: (index) => ({ ...base, tokens: index % 2 === 0 ? second : 1 }),
      trial: (schedule, stage) => this.#trial(schedule, stage),
      overlap: async () =>
        this.#overtaken >= ENOUGH_OVERTAKEN
          ? { overlaps: true }
          : overlapOf(this.#context, scheme, this.#pair, this.#known.latencyMs),
      interleaved: {
        bases: [{ ...base, tokens: second }],
        alike: false,
        names: [operationName(operation), observers[0] ? operationName(observers[0]) : "a read"],
      },
      remarks: () =>
        this.#sightings === 1
          ? ["one trial showed a part of an effect alone, and none after it: that proves nothing"]
          : [],
    };
  }

  async #trial(schedule: Schedule, stage?: Stage): Promise<Trial> {
    const context = this.#context;
    const transport = context.transports.find((one) => one.name === schedule.transport);
    if (!transport) throw new SetupFailed(`${schedule.transport} is not spoken here`);
    const terms = { transport, known: this.#known, secondToken: schedule.tokens === 2 };
    const reading = await writeWhileReading(context, this.#pair, terms, stage);
    const [none, acted] = ["", "a"].map((sequence) => this.#known.states.get(sequence)) as [State, State];
    if (wasOvertaken(reading)) this.#overtaken++;
    const halves = halvesIn(reading.looks, partsOf(none, acted));
    const { write, looks, scene, start } = reading;
    const history = historyOf(this.#known, write, halves);
    const unjudged = this.#unjudged(reading, halves, stage);
    const unknown = { verdict: "unknown", stats: { configs: 0, ms: 0 } } as const;
    return {
      schedule,
      release: reading.release,
      history,
      calls: notesOf(this.#act.operation, write, halves),
      overlapped: looks.some(
        (look) => look.invoke < (write.return ?? Number.POSITIVE_INFINITY) && look.return > write.invoke,
      ),
      result: unjudged === undefined ? whole(judge(context.clock, replayed(), history), history) : unknown,
      ...(unjudged === undefined ? {} : { unjudged }),
      faults: faultsIn([write]),
      changes: changesBetween(seenFrom(start, start), reading.after, this.#known.unstable),
      ...slowDown([write]),
      summary: this.#summary(halves),
      confirm: async () =>
        isAsAfter(this.#known, "a", await stateNow(context, scene, start, this.#known)) ? "same" : "changed",
      replaySerially: async () => ({
        verdict: (await stillSo(context, this.#pair, ONE_TOKEN, [0], this.#known)) ? "linearizable" : "race",
        stats: { configs: 0, ms: 0 },
      }),
    };
  }

  /** An order of statements that was put there by hand is no chance. */
  #unjudged({ write, after }: Reading, halves: Halves | undefined, stage?: Stage): string | undefined {
    if (!succeeded(write)) return `the call was answered ${write.status ?? write.failure}`;
    if (!isAsAfter(this.#known, "a", after)) return "it did not leave what it leaves when it is called alone";
    if (!halves) return undefined;
    this.#sightings += stage ? SIGHTINGS : 1;
    return this.#sightings >= SIGHTINGS ? undefined : "a part of an effect alone was seen once";
  }

  #summary(halves: Halves | undefined): string {
    const sentence = this.#pair.summary({
      acknowledged: 1,
      requests: 1,
      like: undefined,
      late: false,
      places: [],
    });
    if (!halves) return sentence;
    return `${sentence} There: ${halves.there}; still: ${halves.missing}.`;
  }
}
