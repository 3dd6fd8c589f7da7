import { lastName } from "../plan/names.ts";
import type { Leaf, Operation } from "../plan/operation.ts";
import { inTermsOf, shapeOf } from "./links.ts";

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
  const best = ranked.slice(0, MOST_OBSERVERS);
  // Where there are many numbers to read elsewhere, the object itself must not be left out: it shows its end.
  const own = ranked.find((read) => isOwn(operation, read));
  return own && !best.includes(own) ? [...best, own] : best;
}

/** `GET /notes/{id}` of `POST /notes/{id}/pin`. */
function isOwn({ path }: Operation, read: Operation): boolean {
  const end = path.lastIndexOf("}") + 1;
  return end > 0 && shapeOf(read.path) === shapeOf(path.slice(0, end));
}

function rankedObservers(operation: Operation, scheme: string, all: readonly Operation[]): Operation[] {
  const written = new Set(operation.body?.slots.map((slot) => lastName(slot.pointer)));
  return all
    .filter((read) => read.method === "GET" && read.unfillable === undefined)
    .filter((read) => read.open || read.bearer.includes(scheme))
    .filter(
      (read) => bindsAlike(operation, read) && (read.leaves === undefined || read.leaves.some(mayCount)),
    )
    .map((read) => ({
      read: inTermsOf(operation, read),
      worth: worthOf(read, written),
      shared: sharedSegments(shapeOf(read.path), shapeOf(operation.path)),
    }))
    .sort((a, b) => b.worth - a.worth || b.shared - a.shared)
    .map(({ read }) => read);
}

function worthOf(read: Operation, written: ReadonlySet<string>): number {
  const numbers = read.leaves?.filter(isNumber) ?? [];
  const named = numbers.some((leaf) => written.has(lastName(leaf.pointer)));
  return (named ? 4 : 0) + (read.leaves === undefined || numbers.length > 0 ? 2 : 0) + (read.open ? 0 : 1);
}

function isNumber(leaf: Leaf): boolean {
  return leaf.type === "integer" || leaf.type === "number" || leaf.format === "decimal";
}

/** Decimals travel as text (DRF), often without saying so. */
function mayCount(leaf: Leaf): boolean {
  return isNumber(leaf) || (leaf.type === "string" && !PROSE.test(leaf.format ?? ""));
}

/** Every parameter stands where the operation has one: everything up to it reads the same. */
function bindsAlike(operation: Operation, read: Operation): boolean {
  const end = read.path.lastIndexOf("}") + 1;
  const prefix = shapeOf(read.path.slice(0, end));
  const path = shapeOf(operation.path);
  return end === 0 || path === prefix || path.startsWith(`${prefix}/`);
}

function sharedSegments(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}
