import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { ordersOf } from "../custom/orders.ts";
import { type Exchange, refused, succeeded } from "../exchange.ts";
import type { Unlearned } from "../learn.ts";
import { type Casting, followed, type Kind, type OneAtATime, type Pair, sequenceOf } from "./pair.ts";
import { type Performance, performInTurn } from "./perform.ts";
import { differences, isOf, kindsIn, type State, tellingReads, type Unstable, without } from "./state.ts";

/** Each order is made so often with the state read after each call, and once more back to back. */
const REPEATS = 2;

/** Every order of the requests, as the kinds of them. Throws RangeError where there are too many to make them all. */
export function ordersIn(context: Pick<RaceContext, "random">, kinds: readonly Kind[]): Kind[][] {
  const { orders, all } = ordersOf(kinds, context.random);
  if (!all) throw new RangeError(`${kinds.length} requests have too many orders`);
  return orders.map((order) => order.map((place) => kinds[place] as Kind));
}

/**
 * Makes the requests in every order, one at a time, each from an equal fresh set-up (DESIGN §6). What differs between
 * two runs of one sequence is left out of states; an answer that differs ends it. The reads of `only` are made alone,
 * where it is known by now which of them tell anything.
 */
export async function makeOrders(
  context: RaceContext,
  pair: Pair,
  casting: Casting,
  kinds: readonly Kind[],
  only?: ReadonlySet<string>,
): Promise<OneAtATime | Unlearned> {
  const samples = new Map<string, State[]>();
  const names = new Set<string>();
  const answers = new Map<
    string,
    { readonly after: string; readonly kind: Kind; readonly seen: Set<string> }
  >();
  const shortest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let repeat = 0; repeat <= REPEATS; repeat++)
    for (const order of ordersIn(context, kinds)) {
      const readBetween = repeat < REPEATS;
      const run = await performInTurn(context, pair, casting, order, {
        readBetween,
        ...(only ? { telling: only } : {}),
      });
      for (const { name } of run.scene.reads) names.add(name);
      collect(samples, "", run.before);
      collect(samples, sequenceOf(order), run.after);
      for (const [place, state] of run.between.entries())
        collect(samples, sequenceOf(order.slice(0, place + 1)), state);
      const unfit = note(answers, pair, run);
      if (unfit) return unfit;
      for (const [place, exchange] of run.exchanges.entries()) {
        const kind = order[place] as Kind;
        if (succeeded(exchange)) shortest[kind] = Math.min(shortest[kind] ?? 0, timeOf(exchange));
      }
    }
  for (const { kind, after, seen } of answers.values())
    if (seen.size > 1)
      return {
        status: "model-unfit",
        reason: `${nameOf(pair, kind)} is not answered alike one at a time${after === "" ? "" : ` after ${after}`}: ${[...seen].join(", ")}`,
      };
  const unstable = unstableIn(samples);
  const states = [...samples]
    .sort(([a], [b]) => a.length - b.length)
    .map(([sequence, [state]]) => [sequence, without(state as State, unstable)] as const);
  const telling = tellingReads(
    states.map(([, state]) => state),
    [...names],
  );
  const isTold = (place: string) => [...names].every((name) => telling.has(name) || !isOf(place, name));
  return {
    states: new Map(
      states.map(([sequence, state]) => [sequence, new Map([...state].filter(([place]) => isTold(place)))]),
    ),
    telling,
    acknowledged: [acknowledged(answers, 0), acknowledged(answers, 1)],
    unstable,
    latencyMs: Math.max(0, ...shortest.filter(Number.isFinite)),
  };
}

function nameOf({ sides }: Pair, kind: Kind): string {
  const { method, path } = sides[kind].operation;
  return `${method} ${path}`;
}

function timeOf({ invoke, return: end }: Exchange): number {
  return (end ?? Number.POSITIVE_INFINITY) - invoke;
}

function collect(samples: Map<string, State[]>, sequence: string, state: State): void {
  samples.set(sequence, [...(samples.get(sequence) ?? []), state]);
}

/** Whether it took effect: 202 says "later", and other answers than 2xx and 4xx say nothing. */
export function answerOf(exchange: Exchange): "ok" | "refused" | undefined {
  if (exchange.status === 202) return undefined;
  return succeeded(exchange) ? "ok" : refused(exchange) ? "refused" : undefined;
}

function note(
  answers: Map<string, { after: string; kind: Kind; seen: Set<string> }>,
  pair: Pair,
  { kinds, exchanges }: Performance,
): Unlearned | undefined {
  let after = "";
  for (const [place, exchange] of exchanges.entries()) {
    const kind = kinds[place] as Kind;
    const answer = answerOf(exchange);
    if (answer === undefined) return unclear(nameOf(pair, kind), exchange);
    const key = followed(after, kind);
    const known = answers.get(key) ?? { after, kind, seen: new Set<string>() };
    known.seen.add(answer);
    answers.set(key, known);
    after = key;
  }
  return undefined;
}

function unclear(name: string, { status, failure }: Exchange): Unlearned {
  if (status === 202)
    return { status: "not-applicable", reason: `${name} answers 202: it takes effect at some later time` };
  return { status: "inconclusive", reason: `${name} answers ${status ?? failure} one at a time` };
}

function unstableIn(samples: ReadonlyMap<string, readonly State[]>): Unstable {
  const unstable = new Map<string, "left-out" | "kind">();
  for (const [first, ...rest] of samples.values())
    for (const other of rest)
      for (const place of differences(first as State, other)) {
        const [one, two] = [first?.get(place), other.get(place)];
        const alike = one && two && kindsIn(one).join() === kindsIn(two).join();
        if (!alike || unstable.get(place) === "left-out") unstable.set(place, "left-out");
        else unstable.set(place, "kind");
      }
  return unstable;
}

function acknowledged(
  answers: ReadonlyMap<string, { after: string; kind: Kind; seen: ReadonlySet<string> }>,
  wanted: Kind,
): string[] {
  return [...answers.values()].flatMap(({ kind, after, seen }) =>
    kind === wanted && seen.has("ok") ? [after] : [],
  );
}

/** Whether the orders, made once more and back to back, still give what they gave. Throws SetupFailed. */
export async function stillSo(
  context: RaceContext,
  pair: Pair,
  casting: Casting,
  kinds: readonly Kind[],
  known: OneAtATime,
): Promise<boolean> {
  for (const order of ordersIn(context, kinds)) {
    const run = await performInTurn(context, pair, casting, order, { telling: known.telling });
    const state = known.states.get(sequenceOf(order));
    if (!state || differences(state, without(run.after, known.unstable)).length > 0) return false;
    let after = "";
    for (const [place, exchange] of run.exchanges.entries()) {
      const kind = order[place] as Kind;
      const answer = answerOf(exchange);
      if (answer === undefined) throw new SetupFailed(`one at a time: answered ${exchange.status}`);
      if ((answer === "ok") !== known.acknowledged[kind].includes(after)) return false;
      after = followed(after, kind);
    }
  }
  return true;
}
