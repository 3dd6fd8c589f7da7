import type { Expression } from "../parse/syntax.ts";
import type { Effect } from "./effect.ts";
import type { Run } from "./run.ts";
import type { Deps, Value } from "./values.ts";

/** `row.seen and row.seen >= given`. (`row and row.left > 0 and row` is the row, and no truth.) */
export function isTruth(expression: Expression): boolean {
  if (expression.kind !== "boolean") return expression.kind === "compare" || expression.kind === "not";
  return isTruth(expression.right);
}

/** `if limit - taken.count():` asks whether there is room, as `limit > taken.count()` does. */
export function isRoomLeft(value: Value): boolean {
  return (
    value.kind === "scalar" &&
    value.shape === "arithmetic" &&
    value.deps.some((one) => one.kind === "query" && /^(count|aggregate)$/.test(one.effect.kind))
  );
}

/** A truth that was found elsewhere says itself what it means. */
export function noteTruth(run: Run, value: Value & { readonly kind: "scalar" }, negated: boolean): void {
  if (value.ordered) run.asksForSize = true;
  for (const [effect, arm] of value.missing ?? []) run.missing.set(effect, negated ? 1 - arm : arm);
}

/** `x is None`, `n == 0`, `n < 1`: true says that nothing was found; false for the opposites; else undefined. */
export function comparesWithNothing(
  expression: Expression & { readonly kind: "compare" },
): boolean | undefined {
  const [left, right] = expression.operands;
  if (!left || !right || expression.operands.length > 2) return undefined;
  const isNothing = (one: Expression) =>
    (one.kind === "constant" && one.value !== true) || (one.kind === "number" && Number(one.text) === 0);
  switch (expression.operators) {
    case "is":
    case "==":
      return isNothing(right) || isNothing(left) ? true : undefined;
    case "is not":
    case "!=":
      return isNothing(right) || isNothing(left) ? false : undefined;
    case ">":
      return isNothing(right) ? false : undefined;
    case ">=":
      return right.kind === "number" && right.text === "1" ? false : undefined;
    case "<":
      return right.kind === "number" && right.text === "1" ? true : undefined;
    case "in":
      return false;
    case "not in":
      return true;
    default:
      return undefined;
  }
}

/** `if not payment.is_active`: of what was found, and not whether anything was. (A property that asks, says so itself.) */
export function isOfFound(expression: Expression, value: Value): boolean {
  if (expression.kind !== "attribute" || value.kind !== "row") return false;
  return value.parent !== undefined || (value.origin === "call" && !value.fetch);
}

/** `whenTrue`: the condition holds when nothing was found. */
export function noteMissing(run: Run, deps: Deps, whenTrue: boolean): void {
  for (const atom of deps) if (atom.kind === "query") run.missing.set(atom.effect, whenTrue ? 0 : 1);
}

export function isOrdered(test: Expression): boolean {
  switch (test.kind) {
    case "compare":
      return /[<>]/.test(test.operators);
    case "not":
      return isOrdered(test.operand);
    case "boolean":
      return isOrdered(test.left) || isOrdered(test.right);
    default:
      return false;
  }
}

/** `if taken.exists(): return False`: which truth of what is returned here means that nothing was found. */
export function missingWhere(run: Run, isTrue: boolean): Map<Effect, number> {
  const found = new Map<Effect, number>();
  for (const { branch, missing } of run.guards) {
    const arm = run.steps.find((one) => one.branch === branch)?.arm;
    if (arm === undefined) continue;
    for (const [effect, empty] of missing) found.set(effect, (arm === empty) === isTrue ? 0 : 1);
  }
  return found;
}
