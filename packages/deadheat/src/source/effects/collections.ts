import { Marks } from "./marks.ts";
import type { Run } from "./run.ts";
import { type Deps, listsOf, NONE, type Row, union, type Value } from "./values.ts";

type Collection = Value & { readonly kind: "tuple" };

/** Rows in a list, a dictionary, a set: one stands for all of them. */
export function collectionOf(element: Value, deps: Deps): Collection {
  return { kind: "tuple", items: [element], deps, many: true };
}

export function isCollection(value: Value): value is Collection & { readonly many: true } {
  return value.kind === "tuple" && value.many === true;
}

/** Members that were asked for, by how the index was written. */
export const members = new Marks<Collection, Map<string, Row>>();

/** Those of its members of which something was changed. */
export function changedMembers(collection: Collection): readonly Row[] {
  return [...(members.get(collection)?.values() ?? [])].filter((one) => one.assigned.length > 0);
}

/** `rows[pk]`: the same member wherever it is written so. */
export function memberAt(run: Run, collection: Collection, index: string): Value {
  const known = members.get(collection) ?? new Map<string, Row>();
  members.set(collection, known);
  const before = known.get(index);
  if (before) return before;
  const member = memberOf(run, collection);
  if (member.kind === "row") known.set(index, member);
  return member;
}

/** One of them, and not the same as another one that was asked for: `accounts[a]` and `accounts[b]`. */
export function memberOf(run: Run, { items, deps }: Collection): Value {
  const [element] = items;
  if (element?.kind !== "row") return element ?? run.unknown(deps);
  const member: Row = {
    ...element,
    id: run.program.fresh(),
    key: `${element.key}~${run.program.fresh()}`,
    ...listsOf(element),
  };
  return member;
}

/** A method of a list or dictionary; `undefined` for one that says nothing about what is in it. */
export function collectionMethod(
  run: Run,
  collection: Collection,
  name: string,
  given: readonly Value[],
): Value | undefined {
  switch (name) {
    case "append":
    case "add":
    case "insert":
    case "extend":
      put(run, collection, name, given.at(-1));
      return run.scalar(NONE, { literal: null });
    case "get":
    case "pop":
      return isCollection(collection) ? memberOf(run, collection) : undefined;
    case "values":
    case "copy":
      return isCollection(collection) ? collection : undefined;
    case "items": {
      const [element] = collection.items;
      if (!isCollection(collection) || !element) return undefined;
      return collectionOf({ kind: "tuple", items: [run.unknown(), element], deps: NONE }, collection.deps);
    }
    default:
      return undefined;
  }
}

const MOST_ITEMS = 4;

function put(run: Run, collection: Collection, name: string, value: Value | undefined): void {
  const added = name === "extend" && value?.kind === "tuple" ? value.items : value ? [value] : [];
  const rows = added.filter((one) => one.kind === "row" || isOfRows(one));
  if (rows.length === 0 || collection.items.length >= MOST_ITEMS) return;
  (collection.items as Value[]).push(...rows);
  // `if key not in known: fresh.append(Row(key=key))`: which there are depends on what is known.
  const asked = run.guards.map((one) => one.deps.filter((atom) => atom.kind === "query"));
  Object.assign(collection, { many: true, deps: union(collection.deps, ...asked) });
}

/** `batch.append((job.pk, job.payload))`. */
function isOfRows(value: Value): boolean {
  return value.kind === "tuple" && value.many !== true && value.items.some((one) => one.kind === "row");
}
