import type { Statement } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { evaluate } from "./expressions.ts";
import type { Run } from "./run.ts";
import { NONE, type Value } from "./values.ts";

const MOST_TURNS = 6;

/** Which column, nobody knows. */
export const ANY_COLUMN = "*";

/**
 * Which column `getattr(row, …)` and `setattr(row, …)` are about: by its name where that is known, and otherwise by how
 * it is written, as `self.slot`, where one function both looks at it and sets it. Of a name that was given another value
 * in between, nothing is said.
 */
export function columnNamed(run: Run, expression: Expression): string {
  const value = evaluate(run, expression);
  if (value.kind === "scalar" && typeof value.literal === "string") return value.literal;
  const isSame = expression.kind === "attribute" || (value.kind === "row" && value.origin === "parameter");
  if (!isSame) return ANY_COLUMN;
  const written = textOf(expression);
  const both = new Set(
    [...run.fn.text().matchAll(BY_NAME)].filter(([, , name]) => name === written).map(([, asked]) => asked),
  );
  return both.size === 2 ? `{${written}}` : ANY_COLUMN;
}

/** Named by what was given, or by the class; `{self.slot}` stands for it. */
export function isNamedElsewhere(column: string): boolean {
  return column.startsWith("{");
}

const BY_NAME = /\b(get|set)attr\(\s*[\w.]+,\s*([\w.]+)\s*[,)]/g;

/**
 * What a loop that sets columns by their names goes through, where that is written out: `("title", "body")`, or the
 * items of a dictionary.
 */
export function entriesByName(run: Run, statement: Statement & { readonly kind: "for" }): readonly Value[] {
  const { body, otherwise, source } = statement;
  const [first, last] = [body[0], body.at(-1)];
  if (!first || !last || otherwise.length > 0) return [];
  const { text } = run.fn.module.source;
  if (!/\bsetattr\(/.test(text.slice(first.start, last.end))) return [];
  // (What a call does, it would do twice.)
  const isPlain = ({ kind }: Expression) => /^(name|sequence|dictionary)$/.test(kind);
  const turns = isItems(source)
    ? isPlain(source.callee.object)
      ? itemsOf(run, evaluate(run, source.callee.object))
      : []
    : isPlain(source)
      ? namesIn(evaluate(run, source))
      : [];
  return turns.length > MOST_TURNS ? [] : turns;
}

type Expression = Parameters<typeof evaluate>[1];
type Items = Expression & {
  readonly kind: "call";
  readonly callee: Expression & { readonly kind: "attribute" };
};

function isItems(source: Expression): source is Items {
  return source.kind === "call" && source.callee.kind === "attribute" && source.callee.name === "items";
}

function itemsOf(run: Run, value: Value): readonly Value[] {
  if (value.kind !== "scalar" || !value.entries) return [];
  return [...value.entries].map(([name, one]) => ({
    kind: "tuple",
    items: [run.scalar(NONE, { literal: name }), one],
    deps: one.deps,
  }));
}

function namesIn(value: Value): readonly Value[] {
  if (value.kind !== "tuple" || value.many) return [];
  const isName = (one: Value) => one.kind === "scalar" && typeof one.literal === "string";
  return value.items.every(isName) ? value.items : [];
}
