import type { Expression } from "../parse/syntax.ts";
import { assign } from "./assignments.ts";
import { attributeOf } from "./attributes.ts";
import { mergeValues } from "./branches.ts";
import { call } from "./calls.ts";
import { collectionOf } from "./collections.ts";
import { joinConditions } from "./conditions.ts";
import { isContextManager } from "./contexts.ts";
import { identityDeps, truthDeps } from "./dependencies.ts";
import { depsOfExcluded, isDifference, withoutFound } from "./excluded.ts";
import { flagsIn, noteFlags } from "./flags.ts";
import { iterate, look } from "./rows.ts";
import { operandDeps, type Run } from "./run.ts";
import { isArithmetic, isText, keyOf, shapeOf } from "./scalars.ts";
import { subscript } from "./subscripts.ts";
import {
  comparesWithNothing,
  isOfFound,
  isOrdered,
  isRoomLeft,
  isTruth,
  noteMissing,
  noteTruth,
} from "./truth.ts";
import { externalValue, valueOfDefinition } from "./types.ts";
import { type Deps, NONE, union, type Value } from "./values.ts";

export interface How {
  /** Nobody uses the value. */
  readonly discarded?: boolean;
}

export function evaluate(run: Run, expression: Expression, how: How = {}): Value {
  switch (expression.kind) {
    case "name":
      return nameOf(run, expression.id);
    case "attribute":
      return attributeOf(run, evaluate(run, expression.object), expression.name, expression);
    case "call":
      return call(run, expression, how);
    case "subscript":
      return subscript(
        run,
        expression,
        evaluate(run, expression.object),
        expression.index.map((one) => evaluate(run, one)),
      );
    case "string":
      return expression.parts.length > 0
        ? spelledOut(run, expression.parts)
        : run.scalar(NONE, { literal: expression.value });
    case "number":
      return run.scalar(NONE, { literal: Number(expression.text.replaceAll("_", "")) });
    case "constant":
      return run.scalar(NONE, { literal: expression.value });
    case "binary":
      return binary(run, expression);
    case "boolean": {
      if (isTruth(expression)) return truthOf(run, expression);
      const left = evaluate(run, expression.left);
      const right = otherwise(run, left, expression);
      look(run, left, expression.left);
      // `first() or Thing(…)`: made where none was found.
      if (left.kind === "row" && left.fetch && right.kind === "row" && right.model && right.origin === "new")
        return { ...left, perhapsNew: right };
      // `a or b` is one of the two; of `a and b` what is asked is whether.
      const merged = mergeValues(run, [left, right]);
      if (merged.kind !== "row" || merged.fetch || merged.model || isOr(run, expression)) return merged;
      return run.scalar(union(left.deps, right.deps));
    }
    case "not":
    case "compare":
      return truthOf(run, expression);
    case "conditional": {
      const decided = run.inlining?.truth(run, expression.test);
      if (decided !== undefined) return evaluate(run, decided ? expression.whenTrue : expression.otherwise);
      const deps = evaluateTest(run, expression.test);
      const merged = mergeValues(run, choices(run, expression));
      return merged.kind === "scalar" ? { ...merged, deps: union(merged.deps, deps) } : merged;
    }
    case "lambda":
      return {
        kind: "function",
        closure: {
          node: {
            kind: "function",
            name: "<lambda>",
            parameters: expression.parameters,
            decorators: [],
            body: [
              {
                kind: "return",
                value: expression.body,
                start: expression.body.start,
                end: expression.body.end,
              },
            ],
            start: expression.start,
            end: expression.end,
          },
          env: run.env,
          fn: run.fn,
        },
        dotted: "lambda",
        deps: NONE,
      };
    case "sequence": {
      const items = expression.items.map((one) => evaluate(run, one));
      return { kind: "tuple", items, deps: union(...items.map((one) => one.deps)) };
    }
    case "dictionary": {
      const entries = new Map<string, Value>();
      const values = expression.pairs.map((pair) => evaluate(run, pair.value));
      for (const [index, pair] of expression.pairs.entries())
        if (pair.key?.kind === "string") entries.set(pair.key.value, values[index]!);
        else if (pair.key) evaluate(run, pair.key);
      const deps = values.map((one, index) =>
        union(operandDeps(run, one, expression.pairs[index]!.value), identityDeps(one)),
      );
      return run.scalar(union(...deps), {
        shape: "collection",
        ...(entries.size > 0 ? { entries } : {}),
      });
    }
    case "comprehension":
      return comprehension(run, expression);
    case "walrus": {
      const value = evaluate(run, expression.value);
      run.env.set(expression.target, value);
      return value;
    }
    case "await":
      return evaluate(run, expression.operand, how);
    case "yield":
      if (expression.operand && isContextManager(run.fn))
        run.yields.push({ value: evaluate(run, expression.operand), locks: run.allLocks() });
      else if (expression.operand) run.generated.push(chosen(run, evaluate(run, expression.operand)));
      else if (isContextManager(run.fn))
        run.yields.push({ value: run.scalar(NONE, { literal: null }), locks: run.allLocks() });
      return run.unknown();
    case "slice":
    case "other":
      return run.scalar(depsOf(run, expression.parts));
  }
}

/** `if desk.person is None: yield desk`: what is handed out is known to be so. */
function chosen(run: Run, value: Value): Value {
  if (value.kind !== "row" || run.guards.length === 0) return value;
  const own = run.guards.map((one) =>
    one.deps.filter((atom) => atom.kind === "field" && atom.row.key === value.key),
  );
  return Object.assign(value, { deps: union(value.deps, ...own) });
}

/** `not taken.exists()`, `count < limit`: what it was found by goes with the value. */
function truthOf(run: Run, expression: Expression): Value {
  const before = { missing: run.missing, asksForSize: run.asksForSize };
  run.missing = new Map();
  run.asksForSize = false;
  const deps = evaluateTest(run, expression);
  const found = { ordered: run.asksForSize || isOrdered(expression), missing: run.missing };
  Object.assign(run, before);
  return run.scalar(deps, { ...found, said: run.site(expression) });
}

/** The right side of `a or b`: where `a` was looked for, it is evaluated only if nothing was found. */
function otherwise(run: Run, left: Value, expression: Expression & { readonly kind: "boolean" }): Value {
  if (left.kind !== "row" || left.fetch?.kind !== "fetch" || !isOr(run, expression))
    return evaluate(run, expression.right);
  const { guards } = run;
  run.guards = [...guards, run.guard("missing", [{ kind: "query", effect: left.fetch }], expression.left)];
  const right = evaluate(run, expression.right);
  run.guards = guards;
  return right;
}

export function isOr(run: Run, { left, right }: Expression & { readonly kind: "boolean" }): boolean {
  return /\bor\b/.test(run.fn.module.source.text.slice(left.end, right.start));
}

function depsOf(run: Run, parts: readonly Expression[]): Deps {
  return union(...parts.map((one) => operandDeps(run, evaluate(run, one), one)));
}

/** `f"{order.pk}:{line.pk}"`. */
function spelledOut(run: Run, parts: readonly Expression[]): Value {
  const values = parts.map((one) => evaluate(run, one));
  const deps = union(...values.map((one, at) => operandDeps(run, one, parts[at]!)));
  // (Of one value, it is as wide as that.)
  return run.scalar(deps, { shape: "text", ...(parts.length > 1 ? { spelled: values.map(keyOf) } : {}) });
}

function nameOf(run: Run, id: string): Value {
  const known = run.env.get(id) ?? run.globals.get(id);
  if (known) return known;
  const found = run.program.project.lookup(run.fn.module, id);
  // Defined nowhere that we see (a star import, a name of the interpreter): it is known by its name.
  const value = found ? valueOfDefinition(run, found, id) : externalValue(run, id);
  run.globals.set(id, value);
  return value;
}

function binary(run: Run, expression: Expression & { readonly kind: "binary" }): Value {
  const [left, right] = [evaluate(run, expression.left), evaluate(run, expression.right)];
  if (left.kind === "query" && right.kind === "query")
    return { ...left, id: run.program.fresh(), opaque: true, deps: union(left.deps, right.deps) };
  if (isDifference(expression.operator, left, right))
    return withoutFound(
      run,
      { value: left, span: expression.left },
      { value: right, span: expression.right },
    );
  look(run, left, expression.left);
  look(run, right, expression.right);
  const database = [left, right].some((one) => one.kind === "scalar" && one.database);
  const deps = union(operandDeps(run, left, expression.left), operandDeps(run, right, expression.right));
  const value = run.scalar(deps, {
    ...(database ? { database } : {}),
    shape: isArithmetic(expression.operator, left, right)
      ? "arithmetic"
      : [left, right].some(isText)
        ? "text"
        : shapeOf(left, right),
  });
  return joinConditions(value, [left, right]);
}

/** `rows.select_for_update().get() if for_update else rows.get()`: of arms of which one locks, only one is taken. */
function choices(run: Run, expression: Expression & { readonly kind: "conditional" }): readonly Value[] {
  const arms = [expression.whenTrue, expression.otherwise];
  const { text } = run.fn.module.source;
  const isLock = (arm: Expression) => /\.select_for_update\(/.test(text.slice(arm.start, arm.end));
  if (arms.filter(isLock).length !== 1) return arms.map((arm) => evaluate(run, arm));
  const { steps } = run;
  const branch = run.program.fresh();
  const flags = flagsIn(run, expression.test);
  const found = arms.map((one, arm) => {
    const step = { branch, arm };
    noteFlags(step, flags[arm]!);
    run.steps = steps.concat(step);
    return evaluate(run, one);
  });
  run.steps = steps;
  return found;
}

/** Evaluates a condition and says what its outcome depends on. `negated`: under an odd number of `not`. */
export function evaluateTest(run: Run, expression: Expression, negated = false): Deps {
  switch (expression.kind) {
    case "not":
      return evaluateTest(run, expression.operand, !negated);
    case "boolean":
      return union(evaluateTest(run, expression.left, negated), evaluateTest(run, expression.right, negated));
    case "compare": {
      const isMissing = comparesWithNothing(expression);
      const found = expression.operands.map((operand) => {
        const value = evaluate(run, operand);
        const deps = union(operandDeps(run, value, operand), identityDeps(value), look(run, value, operand));
        if (value.kind === "row" && /\bin$/.test(expression.operators)) run.containers.add(value.id);
        // `limit - count < 1` says that there is no room, not that there is nothing.
        const isComputed = value.kind === "scalar" && value.shape === "arithmetic";
        if (isMissing !== undefined && !isComputed) noteMissing(run, deps, isMissing !== negated);
        return deps;
      });
      const deps = union(...found);
      // `rows.count() == 1`, `taken.count() != limit`: a size is asked for.
      const counts = deps.some((atom) => atom.kind === "query" && atom.effect.kind === "count");
      if (counts && isMissing === undefined && /^[!=]=$/.test(expression.operators)) run.asksForSize = true;
      return deps;
    }
    default: {
      const value = evaluate(run, expression);
      const deps = union(truthDeps(value), look(run, value, expression));
      // What was found by comparing does not say whether there is anything, or says so itself (`noteTruth`).
      const isRoom = isRoomLeft(value);
      const isFound = value.kind === "scalar" && (value.ordered || value.said !== undefined);
      if (!isRoom && !isFound && !isOfFound(expression, value)) noteMissing(run, deps, negated);
      if (isRoom) run.asksForSize = true;
      else if (value.kind === "scalar") noteTruth(run, value, negated);
      return deps;
    }
  }
}

/** `day not in known`. */
function isExclusion(condition: Expression): boolean {
  return condition.kind === "compare" && condition.operators === "not in";
}

function comprehension(run: Run, expression: Expression & { readonly kind: "comprehension" }): Value {
  const before = new Map(run.env);
  const deps: Deps[] = [];
  for (const generator of expression.generators) {
    const source = evaluate(run, generator.source);
    const element = iterate(run, source, generator.source);
    deps.push(source.deps, identityDeps(element));
    assign(run, generator.target, element, generator.target);
    for (const condition of generator.conditions) {
      const asked = evaluateTest(run, condition);
      deps.push(isExclusion(condition) ? depsOfExcluded(asked) : asked);
    }
  }
  const values = expression.body.map((one) => evaluate(run, one));
  run.env = before;
  const element = values.at(-1);
  const isRow =
    element?.kind === "row" && (element.fetch || element.model || element.parent?.row.origin === "element");
  // `[(row.name, row) for row in rows]`.
  const isPair =
    element?.kind === "tuple" &&
    !element.many &&
    element.items.some((one) => one.kind === "row" && (one.fetch || one.model));
  if (element && (isRow || isPair))
    return collectionOf(element, union(...deps, ...values.map((one) => one.deps)));
  return run.scalar(union(...deps, ...values.map((one) => one.deps)), { shape: "collection" });
}
