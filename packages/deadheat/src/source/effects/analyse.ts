import type { Parameter } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { SmallMap } from "../project/small-map.ts";
import { runAllowedCreate } from "./allowed-create.ts";
import { queryOf } from "./attributes.ts";
import { isMadeInstead } from "./branches.ts";

import { collectionOf } from "./collections.ts";
import { decorate } from "./decorators.ts";
import type { Effect, Lock } from "./effect.ts";
import { evaluate } from "./expressions.ts";
import { askGatekeepers } from "./gatekeepers.ts";
import { noteHandedOut, noteTakenOut } from "./handed-out.ts";
import { endedAfter } from "./held-locks.ts";
import { bindHook, validateGiven } from "./hooks.ts";
import { typeByName } from "./named-after.ts";
import { noteNumbered } from "./numbered-later.ts";
import { runOwnDecorators } from "./own-decorators.ts";
import type { Analysis, Change, Program, Summary } from "./program.ts";
import { receiverOf, runImplicitSave } from "./receivers.ts";
import { Run } from "./run.ts";
import { shapeOf } from "./scalars.ts";
import { enterTransition } from "./state-machines.ts";
import { runBlock } from "./statements.ts";
import { runAsTaken, stepLeftTo } from "./steps-left.ts";
import { summarise } from "./summary.ts";
import { typeFromAnnotation } from "./types.ts";
import { runImplicitCreate, runImplicitUpdate, runValidators } from "./validators.ts";
import { GIVEN_QUERY, NONE, type Query, type Row, type Site, union, type Value } from "./values.ts";

/** Walks through one function and notes what it does. */
export function analyse(program: Program, fn: FunctionDefinition): Analysis {
  const run = new Run(program, fn);
  const node = fn.decode();
  const parameters = new Map<string, Value>();
  for (const [index, parameter] of node.parameters.entries()) {
    const value = bindParameter(
      run,
      parameter,
      index,
      node.decorators.length > 0 && isStatic(fn, node.decorators),
    );
    parameters.set(parameter.name, value);
    run.env.set(parameter.name, value);
  }
  decorate(run, node.decorators);
  runOwnDecorators(run, node.decorators, parameters);
  askGatekeepers(run, parameters);
  runValidators(run, parameters);
  validateGiven(run, parameters);
  const leave = enterTransition(run, node.decorators, parameters.get("self"));
  runBlock(run, node.body);
  leave();
  runImplicitCreate(run);
  runImplicitUpdate(run, parameters);
  runImplicitSave(run, parameters.get("instance"));
  const changed = [...parameters.values()].flatMap((one) =>
    one.kind === "row" && hasChanges(run, one, 0) ? [changeOf(run, one)] : [],
  );
  const result = generatedBy(run) ?? mergeResults(run, run.results);
  runAllowedCreate(run, result);
  const { effects, refusals } = run;
  noteHandedOut(effects, result);
  noteTakenOut(effects, run.results);
  const rows = changed.map((one) => one.row);
  const summary: Summary = {
    fn,
    effects: fitted(passedOn(summarise({ effects, refusals, result, changed: rows }))),
    refusals: fitted(refusals.filter(isPassedOn)),
    parameters: SmallMap.from(parameters),
    ...(result ? { result } : {}),
    ...otherRows(run, result),
    changed: fitted(changed),
    held: heldAfter(run),
    ended: fitted(endedAfter(run)),
  };
  noteNumbered(run, changed);
  const left = stepLeftTo(program, fn);
  return {
    fn,
    effects,
    guards: run.allGuards,
    ...(left ? { asStep: runAsTaken(program, left) } : {}),
    ...(result?.kind === "row" ? { row: result } : {}),
    summary,
  };
}

/** What was added to one by one has room for sixteen more; summaries are kept. */
function fitted<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? (NONE as readonly never[]) : list.slice();
}

/** From how many calls below something is told to callers; what comes from farther down counts in none of them. */
export const LONGEST_TRAIL = 3;

export function isPassedOn({ trail }: { readonly trail: readonly Site[] }): boolean {
  return trail.length < LONGEST_TRAIL;
}

/** A lock is told as far as what is written under it, which its own function may have been called for. */
function passedOn(effects: readonly Effect[]): readonly Effect[] {
  const near = effects.filter(isPassedOn);
  if (near.length === effects.length) return effects;
  const held = new Set(near.flatMap(({ txns: [outer], row }) => (outer && row ? [outer] : [])));
  return effects.filter(
    (one) => isPassedOn(one) || (isNearLock(one) && one.txns[0] !== undefined && held.has(one.txns[0])),
  );
}

function isNearLock({ query, trail }: Effect): boolean {
  return query?.locked === true && trail.length <= LONGEST_TRAIL + 1;
}

/** A lock of the transaction ends with it; what a context manager holds when it yields, it holds for its block. */
function heldAfter(run: Run): readonly Lock[] {
  const yielding = run.yields.flatMap((one) => one.locks);
  return run.txns.length > 0 ? yielding : [...run.held, ...yielding.filter((one) => !run.held.includes(one))];
}

function hasChanges(run: Run, row: Row, depth: number): boolean {
  if (row.assigned.length > 0) return true;
  if (depth > 2) return false;
  return [...run.attributesOf(row)].some((one) => one.kind === "row" && hasChanges(run, one, depth + 1));
}

/** `order.customer.name = …`: the rows behind a row that were changed as well. */
function changeOf(run: Run, row: Row, above: readonly Row[] = []): Change {
  const seen = [...above, row];
  const inner = [...run.attributesOf(row)].flatMap((one) =>
    one.kind === "row" && one.assigned.length > 0 && !seen.includes(one) ? [changeOf(run, one, seen)] : [],
  );
  return { row, inner: fitted(inner) };
}

function isStatic(_fn: FunctionDefinition, decorators: readonly { readonly kind: string }[]): boolean {
  return decorators.some((one) => one.kind === "name" && (one as { id?: string }).id === "staticmethod");
}

export function bindParameter(run: Run, parameter: Parameter, index: number, isStaticMethod: boolean): Value {
  const { owner } = run.fn;
  const { models } = run.program;
  const key = `${run.fn.qualified}(${parameter.name})`;
  if (parameter.spread === "**" || parameter.spread === "*")
    return run.row("parameter", key, { parameter: parameter.name });
  if (owner && index === 0 && !isStaticMethod) {
    if (parameter.name === "cls" || parameter.name === "mcs")
      return {
        kind: "class",
        cls: owner,
        ...(models.isModel(owner) ? { model: models.of(owner) } : {}),
        dotted: owner.name,
        deps: NONE,
      };
    if (parameter.name === "self") return bindSelf(run, key);
  }
  const hook = bindHook(run, parameter, index, key);
  if (hook) return hook;
  const sent = parameter.name === "instance" && !owner ? receiverOf(run)?.model : undefined;
  if (sent)
    return run.row("parameter", key, { parameter: parameter.name, model: sent, cls: sent.definition });
  const type = parameter.annotation
    ? typeFromAnnotation(run, parameter.annotation)
    : typeByName(run, parameter);
  if (type?.many) return givenQuery(run, queryOf(run, type.model), key, parameter.name);
  // `def find(user, carts=Cart.objects.all())`.
  const fallback =
    parameter.fallback && /^(call|attribute)$/.test(parameter.fallback.kind)
      ? evaluate(run, parameter.fallback)
      : undefined;
  if (fallback?.kind === "query") return givenQuery(run, fallback, key, parameter.name);
  return run.row("parameter", key, {
    parameter: parameter.name,
    ...(type?.model ? { model: type.model } : {}),
    ...(type?.cls ? { cls: type.cls } : {}),
  });
}

/** A queryset that callers give: in each call it is theirs. */
function givenQuery(run: Run, query: Query, key: string, parameter: string): Query {
  return {
    ...query,
    opaque: true,
    owner: { row: run.row("parameter", key, { parameter }), name: GIVEN_QUERY },
  };
}

function bindSelf(run: Run, key: string): Value {
  const owner = run.fn.owner!;
  const { models, project } = run.program;
  const { external } = project.lineage(owner);
  // In a manager or queryset, `self` is what will be read.
  if (
    external.some((one) => /(Manager|QuerySet)(\.from_queryset)?$/.test(one)) ||
    /(Manager|QuerySet)$/.test(owner.name)
  ) {
    // Of a manager whose model is out of sight, the name says which.
    const model =
      models.managedBy(owner) ?? models.named(owner.name.replace(/(Manager|QuerySet)$/, "") || owner.name);
    return {
      kind: "query",
      id: run.program.fresh(),
      ...(model ? { model } : {}),
      filters: [],
      locked: false,
      opaque: false,
      deps: NONE,
      isSelf: true,
    };
  }
  const model = models.isModel(owner) ? models.of(owner) : undefined;
  return run.row("self", key, { parameter: "self", cls: owner, ...(model ? { model } : {}) });
}

/** A generator of rows is a collection of them. */
function generatedBy({ generated }: Run): Value | undefined {
  const element = generated.find((one) => one.kind === "row" && one.fetch !== undefined);
  return element && collectionOf(element, element.deps);
}

/** One value for what a function returns: the most telling one, with what all of them depend on. */
export function mergeResults(run: Run, returned: readonly Value[]): Value | undefined {
  const results = returned.length > 0 ? returned : run.yields.map((one) => one.value);
  if (results.length === 0) return undefined;
  if (results.length === 1) return results[0];
  const deps = union(...results.map((one) => one.deps));
  const pairs = mergeTuples(run, results);
  if (pairs) return pairs;
  const found = results.find((one) => one.kind === "row" && one.fetch?.kind === "fetch");
  const made = found?.kind === "row" ? results.find((one) => isMadeInstead(found, one)) : undefined;
  if (found?.kind === "row" && made?.kind === "row") return { ...found, perhapsNew: made };
  const best =
    [...results].reverse().find((one) => one.kind === "row" && (one.fetch || one.origin !== "call")) ??
    [...results].reverse().find((one) => one.kind === "query") ??
    results.find((one) => one.kind === "tuple") ??
    [...results].reverse().find((one) => one.kind === "row") ??
    results.find((one) => one.kind !== "scalar") ??
    results.find((one) => one.kind === "scalar" && one.literal === undefined);
  if (!best) {
    const only = results.length === 1 ? results[0] : undefined;
    return only ?? run.scalar(deps, truthOf(results));
  }
  return best.kind === "scalar"
    ? run.scalar(deps, { shape: shapeOf(...results), ...truthOf(results) })
    : best;
}

/** `if for_update: return locked()`, then `return rows.get()`: which of them it is, a constant may decide. */
function otherRows({ results }: Run, result: Value | undefined): Pick<Summary, "otherRows"> {
  if (result?.kind !== "row" || !result.fetch || results.length < 2) return {};
  const rows = results.filter(
    (one): one is Row => one.kind === "row" && one !== result && one.fetch !== undefined,
  );
  return rows.length > 0 ? { otherRows: rows } : {};
}

/** `return None, "used"` here and `return row, None` there: one value a place. */
function mergeTuples(run: Run, results: readonly Value[]): Value | undefined {
  const [first] = results;
  if (results.length < 2 || first?.kind !== "tuple") return undefined;
  const size = first.items.length;
  if (!results.every((one) => one.kind === "tuple" && !one.many && one.items.length === size))
    return undefined;
  const tuples = results as readonly (Value & { readonly kind: "tuple" })[];
  const items = first.items.map(
    (_, at) =>
      mergeResults(
        run,
        tuples.map((one) => one.items[at]!),
      )!,
  );
  return { kind: "tuple", items, deps: union(...results.map((one) => one.deps)) };
}

/** What is known of a truth that several returns make up. */
function truthOf(results: readonly Value[]): {
  readonly ordered: boolean;
  readonly missing: Map<Effect, number>;
} {
  const scalars = results.filter((one) => one.kind === "scalar");
  return {
    ordered: scalars.some((one) => one.ordered),
    missing: new Map(scalars.flatMap((one) => [...(one.missing ?? [])])),
  };
}
