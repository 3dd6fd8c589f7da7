import type { Exchange } from "../exchange.ts";
import { differences, type State } from "./state.ts";

/** A value at a place of a read: `GET /wallets/{id} /balance 70`. */
type Part = string;

/** What tells the time before a call from the time after it. */
export interface Parts {
  /** Shown before it only. */
  readonly old: ReadonlySet<Part>;
  /** Shown after it only. */
  readonly fresh: ReadonlySet<Part>;
}

/** The parts in which two states differ; those of one place stand together in lists. */
export function partsOf(before: State, after: State): Parts {
  const old = new Set<Part>();
  const fresh = new Set<Part>();
  for (const place of differences(before, after)) {
    const [was, is] = [before.get(place) ?? [], after.get(place) ?? []];
    for (const value of was) if (!is.includes(value)) old.add(`${place} ${value}`);
    for (const value of is) if (!was.includes(value)) fresh.add(`${place} ${value}`);
  }
  return { old, fresh };
}

/** Whether some state could show one part as after the call and another as before it. */
export function canBeHalved({ old, fresh }: Parts, none: State, acted: State): boolean {
  const places = differences(none, acted).length;
  return (places > 1 && old.size > 0 && fresh.size > 0) || (old.size > 1 && fresh.size > 1);
}

/** One read while the call was under way; monotonic ms. */
export interface Look {
  readonly name: string;
  readonly state: State;
  readonly exchange: Exchange;
  readonly invoke: number;
  readonly return: number;
}

export interface Halves {
  /** Showed a part of what the call does. */
  readonly first: Look;
  /** Began when `first` had been answered, and showed another part as it was before. */
  readonly second: Look;
  readonly there: Part;
  readonly missing: Part;
}

/**
 * Two reads, one after the other, that no call which takes effect at once explains. A single read would not do: it may
 * itself look at one part before the call and at another after it. Of two looks at the same read the second has to
 * show a new part too, or they may have been answered by two replicas, each of which shows the whole.
 */
export function halvesIn(looks: readonly Look[], { old, fresh }: Parts): Halves | undefined {
  const seen = looks.map((look) => {
    const parts = [...look.state].flatMap(([place, values]) => values.map((value) => `${place} ${value}`));
    return {
      look,
      there: parts.filter((part) => fresh.has(part)),
      missing: parts.filter((part) => old.has(part)),
    };
  });
  for (const { look: second, there: also, missing } of seen) {
    if (missing.length === 0) continue;
    const first = seen.find(
      ({ look, there }) =>
        look.return <= second.invoke && there.length > 0 && (look.name !== second.name || also.length > 0),
    );
    const [there, gone] = [first?.there[0], missing[0]];
    if (first && there !== undefined && gone !== undefined)
      return { first: first.look, second, there, missing: gone };
  }
  return undefined;
}
