import { sharedWhole } from "../parse/shared-text.ts";
import type { FunctionNode } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition, Module } from "../project/definitions.ts";
import type { Model } from "../project/model.ts";
import type { Effect, Step } from "./effect.ts";

/** A place in a function's text. */
export interface Site {
  readonly fn: FunctionDefinition;
  readonly start: number;
  readonly end: number;
}

/** What a value was computed from: a column of a row as it was read, or the result of a query. */
export type Atom =
  | {
      readonly kind: "field";
      readonly row: Row;
      readonly name: string;
      readonly site: Site;
      readonly seq: number;
    }
  | { readonly kind: "query"; readonly effect: Effect };

/** Name of the column where a parameter itself is meant: what it is, callers know. */
export const WHOLE = "";

/** Under this name `rows[:10]` is a part of `rows`. */
export const SLICE = "[:]";

/** The name under which a queryset that was given as a parameter belongs to that parameter. */
export const GIVEN_QUERY = "[queryset]";

export type Deps = readonly Atom[];

/** A value given to an attribute of a row. It reaches the database when the row is saved. */
export interface Assigned {
  readonly name: string;
  readonly value: Value;
  readonly deps: Deps;
  /** Computed by the database (`F()`, `Concat("column", …)`): no value was read. */
  readonly database: boolean;
  readonly constant: boolean;
  /** Changed in place: `row.data["k"] = v`, `row.tags.append(x)`. */
  readonly inPlace: boolean;
  readonly site: Site;
  readonly steps: readonly Step[];
  readonly seq: number;
  /** Rows were counted, and their number decided that it is this value. */
  chosenBy?: Deps;
  /** Rows of the same table that were looked for, and were not there when it was given this value. */
  whereNone?: Deps;
}

export type Origin = "self" | "parameter" | "query" | "new" | "related" | "call" | "element" | "principal";

/**
 * An object in Python that stands, or may stand, for a row of the database. Two of them can be the same row
 * (same `key`) and yet hold different values: one read before a lock and one after it.
 */
export interface Row {
  readonly kind: "row";
  readonly id: number;
  readonly key: string;
  readonly model?: Model;
  /** Class of an object that is no row. */
  readonly cls?: ClassDefinition;
  readonly origin: Origin;
  readonly parent?: { readonly row: Row; readonly name: string };
  readonly parameter?: string;
  readonly deps: Deps;
  /** Another object that is the same row: it was looked for by that one's key. */
  alias?: Row;
  /** The read that brought it. */
  fetch?: Effect;
  /** `row.pk = None`: what is saved from then on, another row. */
  copy?: Row;
  /** `client.issues.create(…)`: what a call out of sight has made, and nobody else has. */
  readonly isMade?: boolean;
  /** `Order(**data)`, and nobody sees what is in there. */
  isFilled?: boolean;
  /** It is such a copy. */
  readonly isCopy?: boolean;
  /** What it is where the read has found nothing. */
  perhapsNew?: Row;
  /** The table in which it is a new row, where its form was given none. */
  perhapsMadeIn?: Model;
  /** Reads that replaced its values later. */
  refreshes: readonly Effect[];
  assigned: readonly Assigned[];
  /** Of a form or serializer: the row that `save()` writes. */
  instance?: Value;
  /** Values of a form or serializer, of a constructor. */
  input?: Deps;
}

/** A queryset: what will be read when somebody looks. */
export interface Query {
  readonly kind: "query";
  readonly id: number;
  readonly model?: Model;
  /** Lookups by name, as `filter` was given them. */
  readonly filters: readonly { readonly lookup: string; readonly value: Value; readonly exclude: boolean }[];
  readonly locked: boolean;
  /** `order.lines`: the row of which these are the members, and by which relation. */
  readonly owner?: { readonly row: Row; readonly name: string };
  readonly deps: Deps;
  /** Opaque steps: the rows cannot be told from the filters alone. */
  readonly opaque: boolean;
  /** `values_list("n", flat=True)`: what is read are the values of one column. */
  readonly flat?: string;
  /** `values()`, `values_list()`: dictionaries and tuples instead of rows. */
  readonly plain?: boolean;
  /** Names that `annotate` gave to counts, with the relations that are counted. */
  readonly counts?: ReadonlyMap<string, string>;
  /** Of a many-to-many relation: the model of the table between. */
  readonly through?: string;
  /** Made of the manager or queryset whose method is walked through: in each call it is what that is there. */
  readonly isSelf?: boolean;
  /** `select_related("user")`: rows that come with it, and are locked with it. */
  readonly joined?: readonly string[];
  /** `select_for_update(of=("self",))`: of the rows that come with it, only these are locked. */
  readonly lockedOf?: readonly string[];
  /** Where the lock was asked for. */
  readonly lockSite?: Site;
}

/** A function that was defined inside of another one, and the names that it sees. */
export interface Closure {
  readonly node: FunctionNode;
  readonly env: ReadonlyMap<string, Value>;
  /** In whose text it stands. */
  readonly fn: FunctionDefinition;
}

export type Value =
  | Row
  | Query
  | {
      readonly kind: "class";
      readonly cls?: ClassDefinition;
      readonly model?: Model;
      readonly deps: Deps;
      readonly dotted: string;
    }
  | { readonly kind: "module"; readonly module?: Module; readonly dotted: string; readonly deps: Deps }
  | {
      readonly kind: "function";
      readonly fn?: FunctionDefinition;
      readonly closure?: Closure;
      readonly self?: Value;
      readonly partial?: readonly Value[];
      readonly dotted: string;
      readonly deps: Deps;
    }
  | {
      readonly kind: "tuple";
      readonly items: readonly Value[];
      readonly deps: Deps;
      /** Any number of the same, and not one item a place. */
      readonly many?: boolean;
    }
  | {
      readonly kind: "scalar";
      readonly id: number;
      readonly deps: Deps;
      readonly literal?: string | number | boolean | null;
      readonly database?: boolean;
      /** Of a dictionary that is written out. */
      readonly entries?: ReadonlyMap<string, Value>;
      /** `arithmetic`: a sum, a difference, …; `collection`: a list or dictionary made of what it depends on; `text`: joined with a literal. */
      readonly shape?: Shape;
      /** Of a text: the keys of the values that are put into it. */
      readonly spelled?: readonly string[];
      /** A truth that was found by comparing sizes: `left >= amount`. */
      readonly ordered?: boolean;
      /** Where a truth was found: a test of it is a test of that. */
      readonly said?: Site;
      /** Of a truth about what queries found: the arm (0: where it holds) that means that they found nothing. */
      readonly missing?: ReadonlyMap<Effect, number>;
    };

/** `own`: by an expression of the project's own, which the database computes. */
export type Shape = "arithmetic" | "collection" | "text" | "own";

const MOST_DEPS = 24;

export function union(...lists: readonly Deps[]): Deps {
  let only: Deps | undefined;
  let filled = 0;
  for (const list of lists)
    if (list.length > 0) {
      only = list;
      filled++;
    }
  if (only === undefined) return NONE;
  if (filled === 1) return only;
  const found: Atom[] = [];
  for (const list of lists)
    for (const atom of list) {
      if (found.length >= MOST_DEPS) return found;
      if (!found.some((one) => sameAtom(one, atom))) found.push(atom);
    }
  // What was pushed to has room for sixteen more; most of these lists are kept.
  return found.slice();
}

export const NONE: Deps = [];

function sameAtom(one: Atom, other: Atom): boolean {
  if (one.kind === "query") return other.kind === "query" && one.effect === other.effect;
  return other.kind === "field" && one.row === other.row && one.name === other.name;
}

/** `access_token_id` is read and written with `access_token`: one column. */
export function columnOf(name: string): string {
  return name.length > 3 && name.endsWith("_id") ? name.slice(0, -3) : name;
}

/** Most rows have none: one list for all of those. */
export const NO_REFRESHES: readonly Effect[] = [];
export const NO_ASSIGNED: readonly Assigned[] = [];

export function addRefresh(row: Row, effect: Effect): void {
  if (row.refreshes === NO_REFRESHES) row.refreshes = [effect];
  else (row.refreshes as Effect[]).push(effect);
}

/** A copy of the object that shares its list sees it as well. */
export function addAssigned(row: Row, one: Assigned): void {
  if (row.assigned === NO_ASSIGNED) row.assigned = [one];
  else (row.assigned as Assigned[]).push(one);
}

/** The key of what is behind an attribute of `row`. Two strings put together, and not three: each keeps both its parts. */
export function keyOfMember(row: Row, name: string): string {
  const own = sharedWhole(`.${name}`);
  return `${row.key}${own}`;
}

/** `order`, `order.pk`, `line.order_id`: the row of that key. */
export function meansRow(value: Value, key: string): boolean {
  return value.kind === "row" && value.key.replace(/(\.pk|_id)$/, "") === key;
}

/** `order.lines.all()`, `Line.objects.filter(order=order)`: of what hangs on the row of that key. */
export function hangsOn(query: Query | undefined, key: string): boolean {
  if (query?.owner?.row.key === key) return true;
  return (query?.filters ?? []).some(({ value, exclude }) => !exclude && meansRow(value, key));
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A row of which nothing more is known. Made by the ten thousand and kept: what is spread, or added later, V8 keeps in a
 * list beside the object, half as large again. Hence what many rows have is written out.
 */
export function bareRow(
  { id, key, origin, deps }: Pick<Row, "id" | "key" | "origin" | "deps">,
  { parent, parameter }: { readonly [K in "parent" | "parameter"]?: Row[K] | undefined },
): Growing<Row> {
  const [refreshes, assigned] = [NO_REFRESHES, NO_ASSIGNED];
  if (parent) return { kind: "row", id, key, origin, deps, refreshes, assigned, parent };
  if (parameter) return { kind: "row", id, key, origin, deps, refreshes, assigned, parameter };
  return { kind: "row", id, key, origin, deps, refreshes, assigned };
}

/** Another object that is what `row` is, as far as `made` does not say otherwise. */
export function filledFrom(row: Row, made: Growing<Row>): Growing<Row> {
  for (const name in row)
    if (!(name in made)) (made as unknown as Record<string, unknown>)[name] = row[name as keyof Row];
  return made;
}

/** What `row` has been given, for another object that goes on from there. */
export function listsOf({ assigned, refreshes }: Row): Pick<Row, "assigned" | "refreshes"> {
  return {
    assigned: assigned.length === 0 ? NO_ASSIGNED : [...assigned],
    refreshes: refreshes.length === 0 ? NO_REFRESHES : [...refreshes],
  };
}

/** Ties a row to the read that brought it. */
export function fetchedBy(row: Row, effect: Effect): void {
  row.fetch = effect;
  Object.assign(effect, { row });
}
