import type { Schedule } from "../../plan/schedule.ts";
import { vanDerCorput } from "../../random.ts";
import type { RaceContext } from "../context.ts";
import { turnOf } from "../transport/index.ts";
import type { Casting, Kind, Pair } from "./pair.ts";

/** Two first: they give the smallest witness. Each more that is different multiplies the orders that have to be made. */
const SIZES = [2, 2, 2, 2, 2, 3];
/** Of alike requests there is one order, however many. */
const ALIKE_SIZES = [2, 10, 2, 5];

/** Trials of one pair at most: there are more pairs in a document than operations. */
export const MOST_TRIALS = 24;

/** Castings change fastest, then sizes, then the transport; every other trial the second leaves a little later or earlier. */
export function pairSchedule(
  context: Pick<RaceContext, "transports" | "randomOf">,
  pair: Pair,
  castings: readonly Casting[],
  index: number,
  latencyMs: number,
): Schedule {
  const sizes = pair.alike ? ALIKE_SIZES : SIZES;
  const turn = Math.floor(index / castings.length);
  const cycle = Math.floor(turn / sizes.length);
  const { tokens, users } = castings[index % castings.length] as Casting;
  return {
    transport: turnOf(context.transports, cycle)?.transport.name ?? "",
    requests: sizes[turn % sizes.length] ?? 2,
    amount: 0,
    tokens,
    ...(users === 2 ? { users } : {}),
    offsetMs: turn % 2 === 0 ? 0 : offset(context, pair, index, turn, latencyMs),
  };
}

function offset(
  { randomOf }: Pick<RaceContext, "randomOf">,
  { ends }: Pair,
  index: number,
  turn: number,
  latencyMs: number,
) {
  // What ends the other one comes while that is under way.
  const sign = !ends && randomOf(index).next() < 0.5 ? -1 : 1;
  return Math.round(sign * vanDerCorput(turn) * latencyMs * 1000) / 1000;
}

export function castingOf({ tokens, users = 1 }: Schedule): Casting {
  return { tokens: tokens === 2 ? 2 : 1, users };
}

/** What ends the others is sent once. */
export function kindsOf({ alike, ends }: Pair, requests: number): Kind[] {
  const second = (index: number) => (ends ? index === 1 : index % 2 === 1);
  return Array.from({ length: requests }, (_, index) => (!alike && second(index) ? 1 : 0));
}
