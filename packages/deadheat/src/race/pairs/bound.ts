import { aside } from "../aside.ts";
import type { RaceContext } from "../context.ts";
import { type Principal, SetupFailed } from "../credentials/index.ts";
import { type HttpRequest, refused, succeeded } from "../exchange.ts";
import type { Token } from "../token.ts";
import type { Casting, Kind, OneAtATime, Pair, Read, Scene, Side } from "./pair.ts";
import { differences, type State } from "./state.ts";

/** What brings a set-up to where one more is allowed and two are not. */
export interface Approach {
  /** Number in the body of each request. */
  readonly amount: number;
  /** Calls of the first kind that are made before. */
  readonly before: number;
  /** Objects that there are. */
  readonly objects: number;
  /** The number that each begins with, where it is not the usual one. */
  readonly initial?: number;
}

/** What a bound is looked for in. */
export interface Bounded {
  readonly sides: readonly [Side, Side];
  /** The bodies hold a number. */
  readonly counts: boolean;
  /** How many objects may be tried. */
  readonly objects: readonly number[];
  open(approach: Approach, casting: Casting): Promise<Opened>;
  readonly byTwoUsers: boolean;
  /**
   * What may be bounded. `uses`: one number that both change, or numbers that grow towards it (reserved and sold of
   * one stock). `rule`: places of their own, which a rule is about together (two pots with one floor).
   */
  readonly kind: "uses" | "rule" | "any";
}

export interface Opened {
  readonly principal: Principal;
  readonly other?: Principal;
  readonly reads: readonly Read[];
  readonly own: ReadonlyMap<string, string>;
  request(kind: Kind, token: Token): HttpRequest;
  /** As often as it is asked for, each with texts of its own. */
  more(): HttpRequest;
}

/** Much for what is counted in hundreds, less for parts of a hundred, little for what is counted in pieces. */
const AMOUNTS = [1500, 600, 60, 2];
/** Little to begin with, where one call cannot take much. */
const LITTLE = { initial: 60, amounts: [100, 60] } as const;
const STARTS: readonly Pick<Approach, "amount" | "initial">[] = [
  ...AMOUNTS.map((amount) => ({ amount })),
  ...LITTLE.amounts.map((amount) => ({ amount, initial: LITTLE.initial })),
];
const MOST_BEFORE = 14;
const ONE: Casting = { tokens: 1, users: 1 };

/**
 * Two requests of which each is allowed alone and neither after the other. None where no such place was found: of
 * what is never refused nothing can be too much. Throws SetupFailed.
 */
export async function boundPair(context: RaceContext, bounded: Bounded): Promise<Pair | undefined> {
  const approach = await approachTo(context, bounded);
  if (!approach) return undefined;
  return {
    sides: bounded.sides,
    alike: false,
    binding: [false, false],
    byTwoUsers: bounded.byTwoUsers,
    scene: (casting) => opened(context, bounded, approach, casting),
    unsuitable: (orders) => unbounded(orders, bounded),
    summary: ({ acknowledged }) =>
      `${acknowledged} acknowledged, and both took effect; one at a time either is refused after the other.`,
  };
}

async function approachTo(context: RaceContext, bounded: Bounded): Promise<Approach | undefined> {
  for (const objects of bounded.objects)
    for (const start of bounded.counts ? STARTS : [{ amount: 1 }]) {
      const approach = { ...start, before: 0, objects };
      const { request, principal } = await bounded.open(approach, ONE);
      const first = await context.session.send(request(0, principal.token));
      if (!succeeded(first)) continue;
      const second = await context.session.send(request(1, principal.token));
      if (refused(second)) return approach;
    }
  for (const amount of bounded.counts ? [...AMOUNTS, 1] : [1]) {
    const found = await byRepeating(context, bounded, amount);
    if (found !== "refused") return found;
  }
  return undefined;
}

/** Called until it is refused: the last that was not is where it gets tight, where the other is refused as well. */
async function byRepeating(
  context: RaceContext,
  bounded: Bounded,
  amount: number,
): Promise<Approach | undefined | "refused"> {
  const [objects = 1] = bounded.objects;
  const { more, request, principal } = await bounded.open({ amount, before: 0, objects }, ONE);
  for (let allowed = 0; allowed <= MOST_BEFORE; allowed++) {
    const exchange = await context.session.send(more());
    if (succeeded(exchange)) continue;
    if (!refused(exchange)) return undefined;
    if (allowed === 0) return "refused";
    const other = await context.session.send(request(1, principal.token));
    return refused(other) ? { amount, before: allowed - 1, objects } : undefined;
  }
  return undefined;
}

function opened(
  context: RaceContext,
  bounded: Bounded,
  approach: Approach,
  casting: Casting,
): Promise<Scene> {
  return aside(context, () => brought(context, bounded, approach, casting));
}

async function brought(
  context: RaceContext,
  bounded: Bounded,
  approach: Approach,
  casting: Casting,
): Promise<Scene> {
  const { more, ...scene } = await bounded.open(approach, casting);
  for (let index = 0; index < approach.before; index++) {
    const exchange = await context.session.send(more());
    if (!succeeded(exchange))
      throw new SetupFailed(
        `call ${index + 1} of the set-up was answered ${exchange.status ?? exchange.failure}`,
      );
  }
  return scene;
}

function unbounded({ states, acknowledged }: OneAtATime, { kind }: Bounded): string | undefined {
  const [none, a, b] = ["", "a", "b"].map((sequence) => states.get(sequence)) as State[];
  if (!none || !a || !b) return "the orders could not be made";
  if (!acknowledged[0].includes("") || !acknowledged[1].includes(""))
    return "one of the two is refused alone";
  if (acknowledged[0].includes("b") || acknowledged[1].includes("a"))
    return "neither is refused after the other: they share no bound";
  const [changedA, changedB] = [differences(none, a), differences(none, b)];
  if (changedA.length === 0 || changedB.length === 0) return "no read shows what one of the two does";
  const uses = changedA.some((place) => changedB.includes(place)) || (grows(none, a) && grows(none, b));
  if (kind === "uses" && !uses) return "the two change places of their own: they share no number of uses";
  if (kind === "rule" && uses) return "the two share a number of uses: that is a limit";
  return undefined;
}

/** Numbers of which some rise and none falls. */
function grows(before: State, after: State): boolean {
  const changes = differences(before, after).map(
    (place) => Number(after.get(place)?.[0]) - Number(before.get(place)?.[0]),
  );
  return changes.some((change) => change > 0) && !changes.some((change) => change < 0);
}
