import type { Act, Candidate } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, type HttpRequest, refused, succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import type { Behaviour, Unlearned } from "../learn.ts";
import { readGauge } from "../observe.ts";
import { takingTurns } from "../pairs/in-turn.ts";
import { preparePair } from "../pairs/index.ts";
import { againAfterFailure, inFlight, keyCounts, withOtherBody } from "../pairs/keys.ts";
import { difference } from "../round.ts";
import { prepareBurst } from "./burst.ts";
import { usesOf } from "./limit-overrun.ts";
import type { LearnedScenario, Prepared } from "./scenario.ts";

const AMOUNT = 3;
const OTHER_AMOUNT = 4;
/** Families in which each call has an effect of its own, so that two can be told from one. */
const ADDING = ["counter", "transfer"];

/** One request sent many times at once with one Idempotency-Key: it may take effect once (the IETF draft, §2). */
export const idempotencyRace: LearnedScenario = {
  weakness: "idempotency-race",
  learns: "behaviour",
  async prepare(context, candidate, behaviour) {
    const { family, words } = behaviour.fit;
    const reason = `two effects cannot be told from one: ${words}`;
    if (!ADDING.includes(family))
      return withoutFamily(context, candidate, { status: "not-applicable", reason });
    const repeating = { ...candidate.act, repeats: true as const };
    const key = await learnKey(context, repeating, behaviour);
    if ("status" in key) return key;
    const refusals = new Set([...behaviour.refusals, ...key.refusals]);
    // A key is new in each trial: no clock has begun for it before.
    const { limited: _, ...uses } = usesOf(context, 1, key.acknowledges);
    const prepared = await prepareBurst(
      context,
      repeating,
      { ...behaviour, refusals, others: [] },
      {
        ...uses,
        amount: AMOUNT,
        does: (effect) => `add ${effect} with one Idempotency-Key`,
        summary: (round, effect) =>
          `one Idempotency-Key, ${(difference(round) ?? 0) / effect} effects; one at a time it has 1.`,
      },
    );
    if ("status" in prepared) return prepared;
    const burst = {
      ...prepared,
      controls: [...prepared.controls, ...key.controls],
      // A key may rightly be known to one token only: all requests come with the same.
      schedule: (index: number) => ({ ...prepared.schedule(index), tokens: 1 }),
      remarks: () => key.remarks,
    };
    return takingTurns(await keyPairs(context, { ...candidate, act: repeating }), burst) ?? burst;
  },
  unlearned: withoutFamily,
};

/** What an answer or a list shows of an effect, where no number does. */
async function withoutFamily(
  context: RaceContext,
  candidate: Candidate,
  why: Unlearned,
): Promise<Prepared | Unlearned> {
  const keyed = { ...candidate, act: { ...candidate.act, repeats: true as const } };
  if (!(await keyCounts(context, keyed))) return why;
  return takingTurns(await keyPairs(context, keyed)) ?? why;
}

/** In flight, with another body, and after a failure. */
async function keyPairs(context: RaceContext, keyed: Candidate): Promise<Prepared[]> {
  const pairs = [inFlight(context, keyed), withOtherBody(context, keyed), againAfterFailure(context, keyed)];
  const prepared: Prepared[] = [];
  for (const pair of pairs) {
    const ready = pair && (await preparePair(context, keyed.act.scheme, pair).catch(failedSetUp));
    if (ready && !("status" in ready)) prepared.push(ready);
  }
  return prepared;
}

/** A request that is to fail and does not is no obstacle to the other pairs. */
function failedSetUp(error: unknown): undefined {
  if (error instanceof SetupFailed) return undefined;
  throw error;
}

interface Key {
  /** A repetition is answered as the first request was. */
  readonly acknowledges: boolean;
  /** Statuses that refused a repetition and were seen to change nothing. */
  readonly refusals: ReadonlySet<number>;
  readonly controls: readonly string[];
  readonly remarks: readonly string[];
}

/** What the key does, one call at a time: a repetition, another body, another key, a try after a failure. */
async function learnKey(context: RaceContext, act: Act, behaviour: Behaviour): Promise<Key | Unlearned> {
  const fixture = await setUp(context, act);
  const watch = new Watch(context, act, behaviour, fixture);
  await watch.start();
  const first = await watch.send(AMOUNT);
  if (first.effects !== 1) return unread(first, "the first call with a key");
  const again = await watch.send(AMOUNT);
  if (again.effects === undefined) return unread(again, "a repetition");
  if (again.effects !== 0)
    return {
      status: "inconclusive",
      reason:
        "no race: the Idempotency-Key is ignored; the same key and body twice, one at a time, take effect twice",
    };
  if (!succeeded(again.exchange) && !refused(again.exchange)) return unread(again, "a repetition");
  const controls = [`the same key and body again: ${again.exchange.status}, no further effect`];
  const remarks: string[] = [];
  const other = await watch.send(OTHER_AMOUNT);
  if (other.effects === undefined) return unread(other, "the key with another body");
  if (other.effects === 0) controls.push(`the same key, another body: ${other.exchange.status}, no effect`);
  else
    remarks.push("a key that was used takes effect again with another body: 422 is what the draft asks for");
  const fresh = await watch.send(AMOUNT, context.uuid());
  if (fresh.effects !== 1) return unread(fresh, "another key");
  controls.push("another key, the same body: another effect");
  const failed = await afterFailure(context, watch);
  if (failed) remarks.push(failed);
  const status = again.exchange.status ?? 0;
  const acknowledges = succeeded(again.exchange);
  return { acknowledges, refusals: new Set(acknowledges ? [] : [status]), controls, remarks };
}

/** A request that failed did nothing: its key has to be free for another try. */
async function afterFailure(context: RaceContext, watch: Watch): Promise<string | undefined> {
  const key = context.uuid();
  const broken = await watch.send(AMOUNT, key, (request) => ({ ...request, body: "{}" }));
  if (succeeded(broken.exchange) || broken.effects !== 0) return undefined;
  const retried = await watch.send(AMOUNT, key);
  if (retried.effects !== 0) return undefined;
  return `after an answer of ${broken.exchange.status} a key cannot be used again (${retried.exchange.status}): a client has to know to take another`;
}

function unread({ exchange, effects }: Sent, what: string): Unlearned {
  const seen = effects === undefined ? "its effect could not be read back" : `it had ${effects} effects`;
  return {
    status: "inconclusive",
    reason: `${what} was answered ${exchange.status ?? exchange.failure}; ${seen}`,
  };
}

interface Sent {
  readonly exchange: Exchange;
  /** How many times the effect of one call shows in the change; `undefined` where it could not be read. */
  readonly effects: number | undefined;
}

/** Sends calls one at a time and tells how many effects each had. */
class Watch {
  readonly #context: RaceContext;
  readonly #act: Act;
  readonly #behaviour: Behaviour;
  readonly #fixture: Fixture;
  #shown: number | undefined;

  constructor(context: RaceContext, act: Act, behaviour: Behaviour, fixture: Fixture) {
    this.#context = context;
    this.#act = act;
    this.#behaviour = behaviour;
    this.#fixture = fixture;
  }

  async start(): Promise<void> {
    this.#shown = await this.#read();
  }

  async send(
    wanted: number,
    key = this.#fixture.fresh,
    alter: (request: HttpRequest) => HttpRequest = (request) => request,
  ): Promise<Sent> {
    const amounts = amountsOf(this.#act, wanted);
    const fixture = key === undefined ? this.#fixture : { ...this.#fixture, fresh: key };
    const exchange = await this.#context.session.send(
      alter(call(this.#context, this.#act, fixture, amounts)),
    );
    const before = this.#shown;
    const { visibilityMs } = this.#behaviour;
    if (visibilityMs > 0) await this.#context.clock.sleep(5 * visibilityMs, this.#context.signal);
    this.#shown = await this.#read();
    if (before === undefined || this.#shown === undefined) return { exchange, effects: undefined };
    const unit = this.#behaviour.fit.effectOf(amounts, before);
    return { exchange, effects: Number(((this.#shown - before) / unit).toFixed(6)) };
  }

  async #read(): Promise<number | undefined> {
    return (await readGauge(this.#context, this.#behaviour.fit.gauge, this.#fixture)).value;
  }
}
