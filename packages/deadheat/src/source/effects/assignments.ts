import { CHAINS } from "../facts/names.ts";
import type { Expression, Statement } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { setterOf } from "../project/scan.ts";
import { callDefinition } from "./call-definition.ts";
import { collectionOf, isCollection, memberOf } from "./collections.ts";
import { joinConditions } from "./conditions.ts";
import { identityDeps } from "./dependencies.ts";
import { giveEntry } from "./dictionaries.ts";
import { evaluate } from "./expressions.ts";
import { keepsOwn, withoutOwn } from "./kept.ts";
import { keepUnread, noteReplaced } from "./replaced-locks.ts";
import { iterate, mutateInPlace } from "./rows.ts";
import type { Run } from "./run.ts";
import { savedElsewhere } from "./saved-elsewhere.ts";
import { isArithmetic, isText, shapeOf } from "./scalars.ts";
import { type Deps, NONE, union, type Value } from "./values.ts";

export function runAssignment(run: Run, statement: Statement & { readonly kind: "assign" }): void {
  if (!statement.value) return;
  if (statement.target.kind === "name") noteReplaced(run, statement.target.id, statement);
  const evaluated = evaluate(run, statement.value);
  const value = addsToItself(statement)
    ? { ...evaluated, deps: union(evaluated.deps, rowsSummed(run, evaluated.deps)) }
    : evaluated;
  assign(run, statement.target, value, statement);
  if (statement.target.kind === "attribute" && keepsOwn(run, statement.target, statement.value))
    withoutOwn(run, statement.target);
  // `_locked = Order.objects.select_for_update().filter(…)`, and the name never again.
  if (statement.target.kind !== "name" || !isUnread(run, value, statement.value)) return;
  if (!isMentionedAfter(run, statement.target.id, statement.end))
    run.emit("command", statement, { name: "unread-lock", query: value });
  else keepUnread(run, statement.target.id, value, statement);
}

/** `total = total + line.price` */
function addsToItself({ target, value }: Statement & { readonly kind: "assign" }): boolean {
  return (
    target.kind === "name" &&
    value?.kind === "binary" &&
    [value.left, value.right].some((one) => one.kind === "name" && one.id === target.id)
  );
}

/** A queryset with a lock that is new here: nothing has read it yet. */
export function isUnread(
  run: Run,
  value: Value,
  expression: Expression,
): value is Value & { readonly kind: "query" } {
  if (value.kind !== "query" || !value.locked) return false;
  const isChained =
    expression.kind === "call" &&
    expression.callee.kind === "attribute" &&
    CHAINS.has(expression.callee.name);
  return isChained || (value.lockSite?.fn === run.fn && !value.opaque);
}

/**
 * `rows.prefetch_related("lines")` as a statement does nothing, and `for row in rows` reads them all the same.
 * (`rows.order_by("number").last()` locks only one of those that were meant.)
 */
export function isReadLater(run: Run, { value, end }: Statement & { readonly kind: "expression" }): boolean {
  const [name = ""] = textOf(value).split(".");
  const known = run.env.get(name);
  return known?.kind === "query" && known.locked && isMentionedAfter(run, `${name}\\b(?!\\s*[.=])`, end);
}

function isMentionedAfter(run: Run, name: string, end: number): boolean {
  const { fn } = run;
  return new RegExp(`\\b${name}\\b`).test(fn.module.source.text.slice(end, fn.start + fn.text().length));
}

export function assign(
  run: Run,
  target: Expression,
  value: Value,
  span: { start: number; end: number },
): void {
  switch (target.kind) {
    case "name":
      run.env.set(target.id, value);
      return;
    case "attribute": {
      const object = evaluate(run, target.object);
      if (object.kind === "query") run.setAttribute(object, target.name, value);
      if (object.kind !== "row") return;
      run.assign(object, target.name, value, span);
      savedElsewhere(run, object, target.name, value, target);
      const setter = object.cls && run.program.project.method(object.cls, setterOf(target.name));
      if (setter && setter !== run.fn) callDefinition(run, setter, object, [value], target, {});
      return;
    }
    case "subscript":
      for (const index of target.index) evaluate(run, index);
      if (!giveEntry(run, target, evaluate(run, target.object), value))
        mutateInPlace(run, target.object, value.deps, span);
      return;
    case "sequence": {
      // `a, b = queryset` reads it once.
      const parts = value.kind === "query" ? collectionOf(iterate(run, value, target), NONE) : value;
      for (const [index, item] of target.items.entries()) {
        const part = partOf(run, parts, index);
        assign(run, item, part ?? run.unknown(union(value.deps, identityDeps(value))), item);
      }
      return;
    }
    default:
      return;
  }
}

/** What the `index`-th name of `a, b = value` gets. */
function partOf(run: Run, value: Value, index: number): Value | undefined {
  if (isCollection(value)) return memberOf(run, value);
  return value.kind === "tuple" ? value.items[index] : undefined;
}

export function augment(run: Run, statement: Statement & { readonly kind: "augment" }): void {
  const before = evaluate(run, statement.target);
  const added = evaluate(run, statement.value);
  const database = [before, added].some((one) => one.kind === "scalar" && one.database);
  const isQuery = before.kind === "query";
  const value = isQuery
    ? before
    : run.scalar(database ? added.deps : union(before.deps, added.deps, rowsSummed(run, added.deps)), {
        ...(database ? { database } : {}),
        shape: isArithmetic(statement.operator, before, added)
          ? "arithmetic"
          : // `row.notes += text`: what is there is a part of what is written, as it is with a list.
            isText(added) && before.kind === "row"
            ? "collection"
            : shapeOf(before, added),
      });
  assign(run, statement.target, joinConditions(value, [before, added]), statement);
}

/** `for line in lines: total += line.price`: the sum depends on which rows there are, as that of `sum()` does. */
function rowsSummed(run: Run, added: Deps): Deps {
  if (run.loop === 0) return NONE;
  return added.flatMap((atom) => {
    if (atom.kind !== "field" || atom.row.origin !== "element") return [];
    const { fetch } = atom.row;
    return fetch?.kind === "list" ? [{ kind: "query" as const, effect: fetch }] : [];
  });
}
