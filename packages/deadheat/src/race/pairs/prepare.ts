import type { Stage } from "../../plan/interleaving.ts";
import type { Operation as ApiOperation } from "../../plan/operation.ts";
import { operationName } from "../../plan/operation.ts";
import type { Schedule } from "../../plan/schedule.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { isUnlearned, type Unlearned } from "../learn.ts";
import { faultsIn, overlapped, slowDown } from "../round.ts";
import type { Interleaved, Prepared, Trial } from "../scenarios/scenario.ts";
import { pairTransport } from "../together.ts";
import { takeEffectApart } from "./apart.ts";
import { type Judged, judgeOrders } from "./judge.ts";
import { notesOf } from "./notes.ts";
import { makeOrders, stillSo } from "./one-at-a-time.ts";
import { overlapOf } from "./overlap.ts";
import type { Casting, Kind, OneAtATime, Pair } from "./pair.ts";
import { type Performance, performTogether } from "./perform.ts";
import { castingOf, kindsOf, MOST_TRIALS, pairSchedule } from "./schedule.ts";
import { changesBetween, differences, readState, seenFrom, without } from "./state.ts";
import { watchedRead } from "./watch.ts";

/** What one trial shows may be somebody else's doing: it has to be seen again. */
const SIGHTINGS = 2;
/** As the oracle knows it. */
const MODEL = "replayed";
const ONE_TOKEN: Casting = { tokens: 1, users: 1 };

/** Makes a pair ready: its orders one at a time, then trials on request. Throws SetupFailed. */
export async function preparePair(
  context: RaceContext,
  scheme: string,
  pair: Pair,
): Promise<Prepared | Unlearned> {
  const known = await makeOrders(context, pair, ONE_TOKEN, kindsOf(pair, 2));
  if (isUnlearnedOrders(known)) return known;
  const reason = pair.unsuitable(known);
  if (reason !== undefined) return { status: "not-applicable", reason };
  const watched = await watchedRead(context, pair, known);
  return new PreparedPair(context, scheme, pair, known, watched).prepared(
    await castings(context, scheme, pair, known),
  );
}

function isUnlearnedOrders(orders: OneAtATime | Unlearned): orders is Unlearned {
  return isUnlearned(orders as never);
}

/** Two users only where they get what one gets: each has to be acknowledged alone, and to be in the other's way. */
async function castings(
  context: RaceContext,
  scheme: string,
  pair: Pair,
  known: OneAtATime,
): Promise<Casting[]> {
  const credentials = context.credentials.get(scheme);
  const found = [ONE_TOKEN];
  if (credentials?.secondToken && !pair.oneToken) found.push({ tokens: 2, users: 1 });
  if (!pair.byTwoUsers || (credentials?.users ?? 0) < 2) return found;
  const users = { tokens: 1, users: 2 } as const;
  const others = await makeOrders(context, pair, users, kindsOf(pair, 2), known.telling).catch((error) => {
    if (error instanceof SetupFailed) return undefined;
    throw error;
  });
  if (!others || isUnlearnedOrders(others) || pair.unsuitable(others) !== undefined) return found;
  const alike = [0, 1].every(
    (kind) => others.acknowledged[kind as Kind].join() === known.acknowledged[kind as Kind].join(),
  );
  return alike ? [...found, users] : found;
}

class PreparedPair {
  readonly #context: RaceContext;
  readonly #scheme: string;
  readonly #pair: Pair;
  readonly #known: OneAtATime;
  readonly #watched: string | undefined;
  /** By casting and size; the tokens of one user make no difference one at a time. */
  readonly #orders = new Map<string, Promise<OneAtATime | Unlearned>>();
  #sightings = 0;

  constructor(context: RaceContext, scheme: string, pair: Pair, known: OneAtATime, watched?: string) {
    this.#watched = watched;
    this.#context = context;
    this.#scheme = scheme;
    this.#pair = pair;
    this.#known = known;
    this.#orders.set("1 2", Promise.resolve(known));
  }

  prepared(castings: readonly Casting[]): Prepared {
    const pair = this.#pair;
    const { latencyMs } = this.#known;
    return {
      model: MODEL,
      controls: [
        "every order of the requests one at a time, three times each from an equal set-up: the same answers and state",
        "an outcome that no order gives was seen in two trials at least",
        ...(this.#watched === undefined
          ? []
          : [
              "20 acknowledged calls of 20 showed in the very next read, so what it does not show is not there",
            ]),
      ],
      serialControl: "every order of the requests, back to back, still gives what it gave",
      visibilityMs: 0,
      mostTrials: MOST_TRIALS,
      schedule: (index) => pairSchedule(this.#context, pair, castings, index, latencyMs),
      trial: (schedule, stage) => this.#trial(schedule, stage),
      overlap: () => overlapOf(this.#context, this.#scheme, pair, latencyMs),
      interleaved: this.#interleaved(castings),
      remarks: () =>
        this.#sightings > 0 && this.#sightings < SIGHTINGS
          ? ["one trial ended as no order of its requests does, and none after it: that proves nothing"]
          : [],
    };
  }

  #interleaved(castings: readonly Casting[]): Interleaved {
    const { sides, alike } = this.#pair;
    const base = { transport: pairTransport(this.#context), requests: 2, amount: 0, offsetMs: 0 };
    return {
      bases: castings.map(({ tokens, users }) => ({ ...base, tokens, ...(users === 2 ? { users } : {}) })),
      alike,
      names: [nameOf(sides[0].operation), nameOf(sides[1].operation)],
    };
  }

  async #trial(schedule: Schedule, stage?: Stage): Promise<Trial> {
    const context = this.#context;
    const transport = context.transports.find((one) => one.name === schedule.transport);
    if (!transport) throw new SetupFailed(`${schedule.transport} is not spoken here`);
    const casting = castingOf(schedule);
    const kinds = kindsOf(this.#pair, schedule.requests);
    const known = await this.#ordersOf(casting, kinds);
    const watched = this.#watched === undefined ? {} : { watched: this.#watched };
    const options = { transport, offsetMs: schedule.offsetMs, telling: known.telling, ...watched };
    const performance = await performTogether(context, this.#pair, casting, kinds, options, stage);
    const judged = this.#sighted(judgeOrders(context, this.#pair, known, performance), stage);
    return {
      schedule,
      model: MODEL,
      release: performance.release,
      history: judged.history,
      calls: notesOf(this.#pair, performance, judged.outcome),
      overlapped: overlapped(performance.exchanges, performance.release),
      result: judged.result,
      faults: faultsIn(performance.exchanges),
      changes: changesBetween(performance.before, performance.after, known.unstable),
      summary: `${sentence(schedule)}: ${this.#pair.summary(judged.outcome)}`,
      ...(judged.unjudged === undefined ? {} : { unjudged: judged.unjudged }),
      ...slowDown(performance.exchanges),
      confirm: () => this.#confirm(known, performance),
      ...(this.#pair.binding.every(Boolean)
        ? { takesEffectApart: () => takeEffectApart(context, this.#pair, known, transport) }
        : {}),
      replaySerially: async () => ({
        verdict: (await stillSo(context, this.#pair, casting, kinds, known)) ? "linearizable" : "race",
        stats: { configs: 0, ms: 0 },
      }),
    };
  }

  /** An order of statements that was put there by hand is no chance. */
  #sighted(judged: Judged, stage?: Stage): Judged {
    if (judged.result.verdict !== "race") return judged;
    this.#sightings += stage ? SIGHTINGS : 1;
    if (this.#sightings >= SIGHTINGS) return judged;
    const result = { verdict: "unknown", stats: judged.result.stats } as const;
    return { ...judged, result, unjudged: "an outcome that no order gives was seen once" };
  }

  async #ordersOf(casting: Casting, kinds: readonly Kind[]): Promise<OneAtATime> {
    const key = `${casting.users} ${kinds.length}`;
    const making =
      this.#orders.get(key) ??
      makeOrders(this.#context, this.#pair, { ...casting, tokens: 1 }, kinds, this.#known.telling);
    this.#orders.set(key, making);
    const orders = await making;
    if (isUnlearnedOrders(orders)) throw new SetupFailed(orders.reason);
    return orders;
  }

  async #confirm(
    known: OneAtATime,
    { scene, exchanges, start, after }: Performance,
  ): Promise<"same" | "changed" | "unreadable"> {
    try {
      const read = await readState(this.#context, scene, exchanges);
      const again = without(seenFrom(start, read), known.unstable);
      return differences(again, without(after, known.unstable)).length === 0 ? "same" : "changed";
    } catch (error) {
      if (error instanceof SetupFailed) return "unreadable";
      throw error;
    }
  }
}

const nameOf = (operation: ApiOperation) => operationName(operation);

function sentence({ requests, tokens, users = 1 }: Schedule): string {
  const by = users === 2 ? "two users" : tokens === 2 ? "2 tokens of one principal" : "one token";
  return `${requests} concurrent requests, ${by}`;
}

/** Whether the first call alone is acknowledged. */
export function worksAlone({ acknowledged }: OneAtATime, kind: Kind): boolean {
  return acknowledged[kind].includes("");
}
