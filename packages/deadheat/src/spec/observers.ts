import { lastName } from "../plan/names.ts";
import type { Leaf, Operation } from "../plan/operation.ts";
import { inTermsOf, shapeOf } from "./links.ts";
import { file, objectsIn, once, orderOf } from "./lookup.ts";

const MOST_OBSERVERS = 6;
/** Formats of text that is no number, whatever it looks like. */
const PROSE = /^(date|time|uuid|e-?mail|uri|url|ipv|host|password|binary|byte)/;

/**
 * Reads that may show what `operation` changed: under the same scheme or open to all, callable with
 * the path parameters that the operation itself binds, and with something to look at that may be a
 * number. Reads that show a name which the operation writes come first, then the nearest path.
 */
export function observersOf(operation: Operation, scheme: string, all: readonly Operation[]): Operation[] {
  const ranked = rankedObservers(operation, scheme, all);
  const best = first(ranked, MOST_OBSERVERS).map(({ one }) => one);
  // Where there are many numbers to read elsewhere, the object itself must not be left out: it shows its end.
  const end = operation.path.lastIndexOf("}") + 1;
  const object = shapeOf(operation.path.slice(0, end));
  const [own] = first(end > 0 ? ranked.filter(({ one }) => one.path === object) : [], 1).map(
    ({ one }) => one,
  );
  return [...best, ...(own && !best.includes(own) ? [own] : [])].map(({ read }) =>
    inTermsOf(operation, read),
  );
}

/** A read that may show something, and what it is ranked by. */
interface Read {
  readonly read: Operation;
  readonly path: string;
  readonly segments: readonly string[];
  /** Names of the numbers that it shows. */
  readonly numbers: ReadonlySet<string>;
  readonly worth: number;
}

interface Ranked {
  readonly one: Read;
  readonly rank: number;
}

/** Those of the highest ranks, in this order: many are ranked, and few are looked at. */
function first(ranked: readonly Ranked[], count: number): Ranked[] {
  const found: Ranked[] = [];
  for (const one of ranked) {
    if (found.length === count && one.rank <= (found[count - 1]?.rank ?? 0)) continue;
    const place = found.findIndex(({ rank }) => rank < one.rank);
    found.splice(place < 0 ? found.length : place, 0, one);
    if (found.length > count) found.pop();
  }
  return found;
}

function rankedObservers(operation: Operation, scheme: string, all: readonly Operation[]): Ranked[] {
  const written = (operation.body?.slots ?? []).map((slot) => lastName(slot.pointer));
  const path = shapeOf(operation.path);
  const segments = path.split("/");
  const byObject = once(all, readsIn);
  const order = once(all, orderOf);
  // Every parameter of the read stands where the operation has one: everything up to it reads the same.
  return [...objectsIn(path), ""]
    .flatMap((object) => once(byObject.get(object) ?? NONE, tellingIn))
    .filter(({ read }) => read.open || read.bearer.includes(scheme))
    .map((one) => {
      const worth = one.worth + (written.some((name) => one.numbers.has(name)) ? 4 : 0);
      const near = sharedSegments(one.segments, segments);
      // What is worth more goes before what is nearer, and that before what the document has first.
      return {
        one,
        rank: (worth * 1000 + Math.min(near, 999)) * (all.length + 1) - (order.get(one.read) ?? 0),
      };
    });
}

const NONE: readonly Operation[] = [];

/** Reads by the last object that they name; empty for those that name none. */
function readsIn(all: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const found = new Map<string, Operation[]>();
  for (const read of all)
    if (read.method === "GET" && read.unfillable === undefined)
      file(found, shapeOf(read.path.slice(0, read.path.lastIndexOf("}") + 1)), read);
  return found;
}

/** Those that have something to look at which may be a number. */
function tellingIn(reads: readonly Operation[]): readonly Read[] {
  return reads.flatMap((read) => {
    const { leaves } = read;
    if (leaves?.some(mayCount) === false) return [];
    const path = shapeOf(read.path);
    const numbers = new Set((leaves ?? []).filter(isNumber).map((leaf) => lastName(leaf.pointer)));
    const worth = (leaves === undefined || numbers.size > 0 ? 2 : 0) + (read.open ? 0 : 1);
    return [{ read, path, segments: path.split("/"), numbers, worth }];
  });
}

function isNumber(leaf: Leaf): boolean {
  return leaf.type === "integer" || leaf.type === "number" || leaf.format === "decimal";
}

/** Decimals travel as text (DRF), often without saying so. */
function mayCount(leaf: Leaf): boolean {
  return isNumber(leaf) || (leaf.type === "string" && !PROSE.test(leaf.format ?? ""));
}

function sharedSegments(left: readonly string[], right: readonly string[]): number {
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}
