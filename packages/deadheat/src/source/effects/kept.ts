import type { Expression } from "../parse/syntax.ts";
import { evaluate, isOr } from "./expressions.ts";
import type { Run } from "./run.ts";
import { columnOf } from "./values.ts";

/** `order.currency = order.currency or shop.currency`: what is there stays, and is not what the new value is made of. */
export function keepsOwn(run: Run, target: Expression, value: Expression): boolean {
  if (value.kind !== "boolean" && value.kind !== "conditional") return false;
  const textOfSpan = ({ start, end }: Expression) => run.fn.module.source.text.slice(start, end);
  const own = textOfSpan(target);
  if (value.kind === "boolean") return isOr(run, value) && textOfSpan(value.left) === own;
  return (
    textOfSpan(value.test).includes(own) && [value.whenTrue, value.otherwise].map(textOfSpan).includes(own)
  );
}

export function withoutOwn(run: Run, target: Expression & { readonly kind: "attribute" }): void {
  const row = evaluate(run, target.object);
  const assigned = row.kind === "row" ? row.assigned.at(-1) : undefined;
  if (row.kind !== "row" || assigned?.name !== target.name) return;
  const column = columnOf(target.name);
  const deps = assigned.deps.filter(
    (one) => one.kind !== "field" || one.row.key !== row.key || columnOf(one.name) !== column,
  );
  row.assigned = [...row.assigned.slice(0, -1), { ...assigned, deps }];
}
