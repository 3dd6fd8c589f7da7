import type { Operation } from "../plan/operation.ts";
import { shape } from "./linking/request.ts";

type Making = (from: never) => unknown;

const kept = new WeakMap<object, Map<Making, unknown>>();

/**
 * What `make` comes to for a list of operations, made once: every operation of a list asks the same of it, and a
 * document may have twenty thousand. What it is made from must not change afterwards.
 */
export function once<From extends object, Value>(from: From, make: (from: From) => Value): Value {
  let own = kept.get(from);
  if (!own) {
    own = new Map();
    kept.set(from, own);
  }
  if (!own.has(make)) own.set(make, make(from));
  return own.get(make) as Value;
}

/** Puts a value to others under a key. */
export function file<Key, Value>(into: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = into.get(key);
  if (known) known.push(value);
  else into.set(key, [value]);
}

/** Operations of a method at a path without the names of its parameters (`/notes/{}`), as the document orders them. */
export function at(all: readonly Operation[], method: string, path: string): readonly Operation[] {
  return once(all, byShape).get(`${method} ${path}`) ?? [];
}

export function withId(all: readonly Operation[], id: string): Operation | undefined {
  return once(all, byId).get(id);
}

/** The beginnings of a path that end in a parameter, the longest first: `/a/{}/b/{}` and `/a/{}` of `/a/{}/b/{}/c`. */
export function objectsIn(path: string): string[] {
  const found: string[] = [];
  for (let end = path.lastIndexOf("}"); end >= 0; end = path.lastIndexOf("}", end - 1))
    if (end + 1 === path.length || path[end + 1] === "/") found.push(path.slice(0, end + 1));
  return found;
}

/** Where each stands in the document. */
export function orderOf(all: readonly Operation[]): ReadonlyMap<Operation, number> {
  return new Map(all.map((one, index) => [one, index]));
}

function byShape(all: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const found = new Map<string, Operation[]>();
  for (const one of all) file(found, `${one.method} ${shape(one.path)}`, one);
  return found;
}

function byId(all: readonly Operation[]): ReadonlyMap<string, Operation> {
  const found = new Map<string, Operation>();
  for (const one of all) if (!found.has(one.id)) found.set(one.id, one);
  return found;
}
