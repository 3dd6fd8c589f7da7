import type { FunctionNode, Span, Statement } from "../../parse/syntax.ts";

/** A statement's place: the list of statements that it stands in. */
export interface Place {
  readonly suite: readonly Statement[];
  readonly index: number;
}

/**
 * Where `span` is, from the function's own statements inwards. An `elif` is no statement that another could stand
 * before: it is left out, what is in it is not.
 */
export function placesOf(fn: FunctionNode, span: Span, text: string): Place[] {
  const places: Place[] = [];
  let suites: readonly (readonly Statement[])[] = [fn.body];
  for (;;) {
    const found = suites
      .map((suite) => ({ suite, index: suite.findIndex((one) => contains(one, span)) }))
      .find((one) => one.index >= 0);
    if (!found) return places;
    const statement = found.suite[found.index] as Statement;
    if (!(statement.kind === "if" && text.startsWith("elif", statement.start))) places.push(found);
    suites = suitesOf(statement);
  }
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function suitesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "if":
      return [statement.whenTrue, statement.otherwise];
    case "for":
    case "while":
      return [statement.body, statement.otherwise];
    case "try":
      return [
        statement.body,
        ...statement.handlers.map((one) => one.body),
        statement.otherwise,
        statement.cleanup,
      ];
    case "with":
    case "function":
    case "class":
      return [statement.body];
    case "match":
      return statement.cases;
    default:
      return [];
  }
}

/** The innermost list of statements that holds all of `spans`, and the first and last of it that do. */
export function spanning(
  fn: FunctionNode,
  spans: readonly Span[],
  text: string,
): { readonly suite: readonly Statement[]; readonly first: number; readonly last: number } | undefined {
  const [head, ...rest] = spans.map((one) => placesOf(fn, one, text));
  if (!head || [head, ...rest].some((one) => one.length === 0)) return undefined;
  for (const place of [...head].reverse()) {
    const indices = [place.index];
    for (const other of rest) {
      const same = other.find((one) => one.suite === place.suite);
      if (same) indices.push(same.index);
    }
    if (indices.length === spans.length)
      return { suite: place.suite, first: Math.min(...indices), last: Math.max(...indices) };
  }
  return undefined;
}

/** The statement itself, innermost, of a place in a function. */
export function statementAt(fn: FunctionNode, span: Span, text: string): Statement | undefined {
  const place = placesOf(fn, span, text).at(-1);
  return place?.suite[place.index];
}
