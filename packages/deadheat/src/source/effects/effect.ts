import type { Model } from "../project/model.ts";
import { Marks } from "./marks.ts";
import type { Assigned, Deps, Query, Row, Site } from "./values.ts";

/** One arm of one branch of the program: `if` and its `else` are arms 0 and 1 of a branch. */
export interface Step {
  readonly branch: number;
  readonly arm: number;
}

/** A condition under which something happens. */
export interface Guard {
  readonly id: number;
  /** `missing`: a handler of `DoesNotExist`. */
  readonly kind: "test" | "missing";
  readonly deps: Deps;
  readonly site: Site;
  readonly trail: readonly Site[];
  readonly seq: number;
  readonly steps: readonly Step[];
  /** Compares sizes: `<`, `>=`, … */
  readonly ordered: boolean;
  /** The branch that it decides. */
  readonly branch: number | undefined;
  /** One of its arms turns the request away: an exception, an answer that says error. */
  readonly refuses: boolean;
  /** One of its arms ends the function, and what follows it does not run. */
  readonly leaves: boolean;
  /** Of a query that is tested for having found something: the arm that is taken when it has not. */
  readonly missing: ReadonlyMap<Effect, number>;
  /** A transaction or lock under which the condition was evaluated. */
  readonly txns: readonly Transaction[];
  readonly locks: readonly Lock[];
}

export interface Transaction {
  readonly id: number;
  readonly site: Site;
  /** Taken for granted: `ATOMIC_REQUESTS`, or a caller that was not seen. */
  readonly implicit: boolean;
}

/** A lock that is no row's: `pg_advisory_lock`, Redis, a mutex. */
export interface Lock {
  readonly id: number;
  readonly name: string;
  readonly site: Site;
  /** `threading.Lock()`: other processes do not wait for it. */
  readonly ofProcess?: boolean;
  /** Keys of the values that its own key is made of, where that is seen: `f"{order.pk}:{line.pk}"`. */
  readonly of?: readonly string[];
  /** Taken by a statement: the database keeps it until the outermost transaction ends. */
  readonly byStatement?: boolean;
  /** Given back before the transaction commits around it: who gets it next does not see what was written under it. */
  readonly endsUncommitted?: boolean;
}

export type EffectKind =
  /** One row read. */
  | "fetch"
  /** Rows read. */
  | "list"
  | "exists"
  | "count"
  | "aggregate"
  | "refresh"
  /** `row.save()`. */
  | "save"
  /** `queryset.update()`. */
  | "update"
  | "create"
  | "get-or-create"
  | "delete"
  /** Mail, task, HTTP: what a rollback does not take back. */
  | "external"
  /** A signal of the project's own is sent, in a transaction or after its commit. */
  | "signal"
  /** Takes long: HTTP, a subprocess, sleep. */
  | "wait"
  /** An entry of the cache is read, and set. */
  | "cached"
  | "cache-set"
  /** Set where there was none, and nobody asks whether it was. */
  | "cache-add"
  /** Entries are taken out of it. */
  | "cache-delete"
  /** A call whose result is not used and whose body is out of sight. */
  | "command"
  /** A token is checked, spent or made. */
  | "spend"
  | "mint"
  | "decode";

export interface Effect {
  readonly kind: EffectKind;
  readonly seq: number;
  readonly site: Site;
  /** Call sites between the analysed function and `site`, outermost first. */
  readonly trail: readonly Site[];
  readonly steps: readonly Step[];
  readonly guards: readonly Guard[];
  readonly txns: readonly Transaction[];
  readonly locks: readonly Lock[];
  /** Locks that others may hold as well: a counter needs more, a check that a revocation ends does not. */
  readonly shared?: readonly Lock[];
  /** Names of exceptions that a surrounding `try` handles. */
  readonly handlers: readonly string[];
  readonly loop: number;
  readonly deferred: boolean;
  readonly row?: Row;
  readonly query?: Query;
  /** Of an `update()`, and of a read under a lock that brings no row: which row its filters mean (`keyOfQuery`). */
  readonly key?: string;
  readonly model?: Model;
  readonly fields?: ReadonlyMap<string, Assigned>;
  /** Of a save: columns named by `update_fields`; `undefined` writes all, `"unknown"` is computed. */
  readonly columns?: readonly string[] | "unknown";
  readonly deps: Deps;
  readonly name: string;
  /** Lookup names of `get_or_create`, and names given to a create. */
  readonly lookups?: readonly string[];
  /** Of `get_or_create`: which columns `defaults` gives, and whether they are the same whoever asks. */
  readonly defaults?: ReadonlyMap<string, boolean>;
  /** Is the result looked at? */
  tested: boolean;
  /** Sent by the model's own `save()` or a receiver, wherever a row is saved (`sendOnSave`); by a plugin, where there is one. */
  readonly onSave?: boolean;
  /** Of a save by a serializer: of several columns that it has, some were sent. */
  readonly partial?: boolean;
  /** Of a save or delete: the row is among what the function gives its caller (`noteHandedOut`, `noteTakenOut`). */
  readonly handsOut?: boolean;
  /** The effect of the called function that this one stands for. */
  readonly origin?: Effect;
  /** A caller has taken it over: callers decide whether it is protected. */
  taken: boolean;
}

/** Arms that end in a `return`: of the function that is analysed, or of the one that was called there. */
export const left = new Marks<Step, Site | "here">();

export function noteLeft(step: Step): void {
  left.set(step, "here");
}

/** The same arm, where its function was called. */
export function keepLeft(step: Step, renamed: Step, call: Site): void {
  const of = left.get(step);
  if (of !== undefined) left.set(renamed, of === "here" ? call : of);
}

type Placed = Pick<Effect, "steps" | "trail">;

/** Whoever is in an arm that returns does not come to what stands after it; who has called, does. */
export function isLeftBefore(earlier: Placed, later: Placed): boolean {
  for (const step of earlier.steps) {
    const of = left.get(step);
    if (of === undefined || later.steps.includes(step)) continue;
    if (of === "here" || later.trail.includes(of)) return true;
  }
  return false;
}

export function compatible(one: readonly Step[], other: readonly Step[]): boolean {
  for (const a of one) for (const b of other) if (a.branch === b.branch && a.arm !== b.arm) return false;
  return true;
}

/** `earlier` can run before `later` in one run of the function. */
export function precedes(earlier: Effect, later: Effect): boolean {
  return earlier.seq < later.seq && compatible(earlier.steps, later.steps) && !isLeftBefore(earlier, later);
}

/** One transaction around both: locks taken in it are held at the second. */
export function sameTransaction(one: readonly Transaction[], other: readonly Transaction[]): boolean {
  return one[0] !== undefined && one[0] === other[0];
}

/** Changes what is in a table. */
export function isWrite({ kind }: Pick<Effect, "kind">): boolean {
  return /^(save|create|update|delete|get-or-create)$/.test(kind);
}

/** Made by the ten thousand and kept: one for all that have none. */
export const NO_EFFECTS: ReadonlyMap<Effect, number> = new Map();

/** What asks the database for something. */
export const READS: ReadonlySet<EffectKind> = new Set([
  "fetch",
  "list",
  "exists",
  "count",
  "aggregate",
  "refresh",
  "get-or-create",
]);
