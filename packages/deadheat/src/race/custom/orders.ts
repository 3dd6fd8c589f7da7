import type { Random } from "../../random.ts";

/** Orders of a serial control at most: 3 different requests have 6. */
export const MOST_ORDERS = 6;

/**
 * Different orders of requests of which some are alike (`kinds[i]` tells which): all of them where they are few,
 * else the listed one, its reverse and some by chance. As places in the list.
 */
export function ordersOf(
  kinds: readonly number[],
  random: Random,
  most = MOST_ORDERS,
): { readonly orders: number[][]; readonly all: boolean } {
  const listed = kinds.map((_, place) => place);
  const orders: number[][] = [];
  const seen = new Set<string>();
  const add = (order: number[]) => {
    const key = order.map((place) => kinds[place]).join();
    if (!seen.has(key)) orders.push(order);
    seen.add(key);
  };
  if (countOf(kinds) <= most) {
    for (const order of permutations(kinds)) add(order);
    return { orders, all: true };
  }
  add(listed);
  add([...listed].reverse());
  for (let tries = 0; orders.length < most && tries < 20 * most; tries++) add(shuffled(listed, random));
  return { orders, all: false };
}

/** The multinomial coefficient. */
function countOf(kinds: readonly number[]): number {
  const counts = new Map<number, number>();
  let count = 1;
  kinds.forEach((kind, index) => {
    const same = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, same);
    count = (count * (index + 1)) / same;
  });
  return Math.round(count);
}

/** Of alike requests always the first that is left: their order makes no difference. */
function* permutations(kinds: readonly number[], taken: readonly number[] = []): Generator<number[]> {
  if (taken.length === kinds.length) {
    yield [...taken];
    return;
  }
  const tried = new Set<number>();
  for (const [place, kind] of kinds.entries()) {
    if (taken.includes(place) || tried.has(kind)) continue;
    tried.add(kind);
    yield* permutations(kinds, [...taken, place]);
  }
}

/** Fisher–Yates. */
export function shuffled(places: readonly number[], random: Random): number[] {
  const order = [...places];
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.integer(0, last);
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}
