import type { Statement } from "../parse/syntax.ts";
import { evaluate } from "./expressions.ts";
import type { Run } from "./run.ts";
import { NONE, type Value } from "./values.ts";

const MOST_TURNS = 6;

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
