import type { Project } from "../project/project.ts";
import { callsThatMean, type Reach, rankOf, reachOf } from "../project/reach.ts";
import type { Numbering } from "./numbering.ts";
import type { FunctionNumber } from "./record.ts";

/** `Reach` by numbers. */
export interface ActingRecord {
  readonly ranks: readonly (readonly FunctionNumber[])[];
  readonly properties: readonly (readonly [name: string, rank: number])[];
}

export function actingIn(project: Project, numbering: Numbering): ActingRecord {
  const { ranks, properties }: Reach = reachOf(project);
  return {
    ranks: ranks.map((rank) => rank.map((fn) => numbering.numberOf(fn))),
    properties: [...properties],
  };
}

/**
 * The same after functions have changed. As long as each of those is of the rank that it was of, so are all others;
 * else all texts are looked at again.
 */
export function actingAfter(
  last: ActingRecord,
  changed: readonly FunctionNumber[],
  nameOfNumber: (fn: FunctionNumber) => string,
  project: Project,
  numbering: Numbering,
): ActingRecord {
  if (changed.length === 0) return last;
  const calls = new Map<string, number>();
  const ranks = new Map<FunctionNumber, number>();
  for (const [rank, fns] of last.ranks.entries())
    for (const fn of fns) {
      ranks.set(fn, rank);
      const qualified = nameOfNumber(fn);
      const name = qualified.slice(qualified.lastIndexOf(".") + 1);
      for (const call of callsThatMean({ name, qualified })) if (!calls.has(call)) calls.set(call, rank);
    }
  const properties = new Map(last.properties);
  const isAsBefore = (fn: FunctionNumber) => rankOf(numbering.fn(fn), calls, properties) === ranks.get(fn);
  return changed.every(isAsBefore) ? last : actingIn(project, numbering);
}
