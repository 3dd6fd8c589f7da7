import type { Statement } from "../parse/syntax.ts";
import { sameModel } from "../project/model.ts";
import { joinConditions } from "./conditions.ts";
import { identityDeps } from "./dependencies.ts";
import { isEmptyList, mergeEntries } from "./dictionaries.ts";
import { NO_EFFECTS, noteLeft } from "./effect.ts";
import { type flagsIn, NO_FLAGS, noteFlags } from "./flags.ts";
import { keysLookedFor } from "./keys-found.ts";
import type { Env, Run } from "./run.ts";
import { shapeOf } from "./scalars.ts";
import { type Row, union, type Value } from "./values.ts";

/** `leave`: what follows in this block is not reached. */
export type Completion = "go on" | "leave" | "raise";

/** Handed to who runs a part of a statement: a block is made of statements, and they need not know of all kinds. */
export type RunBlock = (run: Run, statements: readonly Statement[]) => Completion;

interface Saved {
  readonly env: Env;
  readonly guards: Run["guards"];
  readonly steps: Run["steps"];
}

/** The state as it is. Who goes on changing it goes on with a copy (`restore`, `fork`). */
export function save(run: Run): Saved {
  return { env: run.env, guards: run.guards, steps: run.steps };
}

export function fork(run: Run): Saved {
  const saved = save(run);
  run.env = new Map(run.env);
  return saved;
}

export function restore(run: Run, saved: Saved): void {
  run.env = new Map(saved.env);
  run.guards = saved.guards;
  run.steps = saved.steps;
}

/** Runs arms that exclude each other, and goes on with what those leave behind that do not leave. */
export function runArms(
  run: Run,
  guard: Run["guards"][number] | undefined,
  arms: readonly (() => Completion)[],
  flags: ReturnType<typeof flagsIn> = NO_FLAGS,
): Completion {
  const before = save(run);
  const branch = run.program.fresh();
  if (guard) Object.assign(guard, { branch });
  const after: { readonly saved: Saved; readonly arm: number; readonly completion: Completion }[] = [];
  let isLeftInside = false;
  for (const [arm, body] of arms.entries()) {
    restore(run, before);
    const step = { branch, arm };
    noteFlags(step, flags[arm] ?? NO_FLAGS[0]);
    run.steps = before.steps.concat(step);
    if (guard) run.guards = before.guards.concat(guard);
    const { left } = run;
    const completion = body();
    if (completion === "go on" && run.left > left) isLeftInside = true;
    if (completion !== "go on") run.left++;
    if (completion === "leave" && leavesAll(run)) noteLeft(step);
    after.push({ saved: save(run), arm, completion });
  }
  const going = after.filter((one) => one.completion === "go on");
  if (guard && going.length > 0 && after.some((one) => one.completion === "leave"))
    Object.assign(guard, { leaves: true });
  if (guard && going.length < after.length && after.some((one) => one.completion === "raise")) {
    Object.assign(guard, { refuses: true });
    run.refusals.push(guard);
  }
  if (going.length === 0) {
    restore(run, before);
    return after.every((one) => one.completion === "raise") ? "raise" : "leave";
  }
  if (going.length === 1 && arms.length > 1) {
    // `if spent: return`: the rest of the block runs under the opposite, and knows what was tested.
    restore(run, going[0]!.saved);
    return "go on";
  }
  restore(run, before);
  run.env = mergeEnvs(
    run,
    before.env,
    going.map((one) => one.saved.env),
  );
  if (guard?.ordered) noteChoice(run, guard, before.env);
  // `if given: if given != row.version: return`: what follows knows that one, too.
  const inner = going.flatMap((one) =>
    one.saved.guards.slice(before.guards.length).filter((added) => added !== guard),
  );
  if (inner.length > 0 || isLeftInside) run.guards = [...before.guards, ...around(guard), ...new Set(inner)];
  return "go on";
}

/**
 * `if row.version == given: if not forced: return`: who comes to what follows has passed the outer condition as well. It
 * says nothing of which of its arms that was.
 */
function around(guard: Run["guards"][number] | undefined): Run["guards"] {
  return guard ? [{ ...guard, branch: undefined, missing: NO_EFFECTS, leaves: true }] : [];
}

/** What `leave` leaves is the function itself, and no loop, no `try` that goes on elsewhere, no function inside of it. */
function leavesAll({ loop, tries, closures, inlining, asking }: Run): boolean {
  return loop === 0 && tries === 0 && closures === 0 && !inlining && !asking;
}

/** `state = "waiting" if full else "booked"`, as a statement: what is counted there decides which of them it is. */
function noteChoice(run: Run, { deps }: Run["guards"][number], before: Env): void {
  const queries = deps.filter((one) => one.kind === "query");
  if (queries.length === 0) return;
  for (const [name, value] of run.env)
    if (value.kind === "scalar" && before.get(name) !== value && value.shape !== "arithmetic")
      run.env.set(name, { ...value, deps: union(value.deps, queries), ordered: true });
}

export function mergeEnvs(run: Run, before: Env, envs: readonly Env[]): Env {
  const merged: Env = new Map(before);
  for (const [index, env] of envs.entries())
    for (const [name, value] of env) {
      // Its values were put together where the first of them was met.
      if (index > 0 && isInOneOf(envs, index, name)) continue;
      if (envs.every((one) => (one.get(name) ?? value) === value)) merged.set(name, value);
      else merged.set(name, mergeValues(run, valuesOf(envs, name)));
    }
  return merged;
}

function isInOneOf(envs: readonly Env[], before: number, name: string): boolean {
  for (let at = 0; at < before; at++) if (envs[at]!.has(name)) return true;
  return false;
}

function valuesOf(envs: readonly Env[], name: string): readonly Value[] {
  return [...new Set(envs.map((env) => env.get(name)).filter((one): one is Value => one !== undefined))];
}

/**
 * `except Cart.DoesNotExist: cart = Cart(…)`, saved only afterwards: the one that was looked for, or a new one. So may what was
 * given be: `def known(order): return found or order`.
 */
export function isMadeInstead(found: Row, other: Value): boolean {
  return (
    found.fetch?.kind === "fetch" &&
    other.kind === "row" &&
    (other.origin === "new" || (other.origin === "parameter" && !other.parent)) &&
    (other as { readonly saved?: boolean }).saved !== true &&
    other.model !== undefined &&
    sameModel(found.model, other.model)
  );
}

/** Given by the caller as it is, and nothing says that it is a row. */
function isPlain({ model, cls, assigned, origin, parent }: Row): boolean {
  return !model && !cls && assigned.length === 0 && origin === "parameter" && !parent;
}

/** `settings.FIRST_NUMBER`: a name whose value nobody sees, which says less than what it is put together with. */
function isOutOfSight(value: Value): boolean {
  if (value.kind === "function") return !value.fn && !value.closure;
  if (value.kind === "module") return !value.module;
  return value.kind === "class" && !value.cls && !value.model;
}

export function mergeValues(run: Run, all: readonly Value[]): Value {
  // `errors = []`, and on one way there is a reason in it.
  const isFilled = all.some((one) => one.kind === "scalar" && one.shape === "collection");
  const values = isFilled ? all.filter((one) => !isEmptyList(one)) : all;
  const searches = keysLookedFor(values);
  const deps = union(...values.map((one) => union(one.deps, identityDeps(one))), searches);
  // `left = wanted`, `left = limit - count`: what was given is a number, too.
  const isNumber = values.some((one) => one.kind === "scalar" && one.shape === "arithmetic");
  const telling =
    values.find((one) => one.kind === "row" && one.fetch) ??
    values.find((one) => one.kind === "query") ??
    values.find((one) => one.kind === "row" && !(isNumber && isPlain(one))) ??
    values.find((one) => one.kind !== "scalar" && one.kind !== "row" && !isOutOfSight(one));
  if (!telling) {
    const [first] = values;
    if (first && values.every((one) => one.kind !== "scalar")) return first;
    const database = values.some((one) => one.kind === "scalar" && one.database);
    const scalars = values.filter((one) => one.kind === "scalar");
    const entries = mergeEntries(values);
    const merged = run.scalar(deps, {
      ...(database ? { database } : {}),
      ...(entries && entries.size > 0 ? { entries } : {}),
      shape: shapeOf(...values),
      ordered: scalars.some((one) => one.ordered),
      missing: new Map(scalars.flatMap((one) => [...(one.missing ?? [])])),
    });
    return joinConditions(merged, values);
  }
  if (telling.kind === "row") {
    const made = values.find((one) => isMadeInstead(telling, one));
    if (made?.kind === "row") return { ...telling, perhapsNew: made };
    // The same object: what is assigned to it is assigned to it.
    if (telling.fetch || telling.model) return telling;
    if (searches.length > 0) return { ...telling, deps };
    return telling.deps.length >= deps.length ? telling : { ...telling, deps };
  }
  return telling;
}
