import type { Operation } from "../plan/operation.ts";

const MOST_OBSERVERS = 4;

/**
 * Reads that may show what `operation` changed: under the same scheme, callable with the path
 * parameters that the operation itself binds, and with a number to look at. Nearest path first.
 */
export function observersOf(operation: Operation, scheme: string, all: readonly Operation[]): Operation[] {
  return all
    .filter((read) => read.method === "GET" && read.bearer.includes(scheme) && read.unfillable === undefined)
    .filter((read) => read.pathParameters.every((name) => bindsAlike(operation, read, name)))
    .filter((read) => read.leaves === undefined || read.leaves.some(isNumber))
    .map((read) => ({ read, shared: sharedSegments(read.path, operation.path) }))
    .sort((a, b) => b.shared - a.shared)
    .slice(0, MOST_OBSERVERS)
    .map(({ read }) => read);
}

function isNumber(leaf: { readonly type: string }): boolean {
  return leaf.type === "integer" || leaf.type === "number";
}

/** The same parameter in the same place: everything up to it reads the same. */
function bindsAlike(operation: Operation, read: Operation, parameter: string): boolean {
  const end = `/{${parameter}}`;
  const prefix = read.path.slice(0, read.path.indexOf(end) + end.length);
  return operation.path === prefix || operation.path.startsWith(`${prefix}/`);
}

function sharedSegments(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}
