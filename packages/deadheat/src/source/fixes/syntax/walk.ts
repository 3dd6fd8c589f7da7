import type { Expression, Span, Statement } from "../../parse/syntax.ts";

export type AnyNode = Span & { readonly kind?: string };

/** All nodes under a statement or expression, itself included, in the order of the text as far as it has one. */
export function* nodesIn(root: object): Generator<AnyNode> {
  if ("start" in root && "end" in root) yield root as AnyNode;
  for (const value of Object.values(root)) {
    if (Array.isArray(value)) for (const one of value) if (isObject(one)) yield* nodesIn(one);
    if (isObject(value) && !Array.isArray(value)) yield* nodesIn(value);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export type Call = Expression & { readonly kind: "call" };
export type Attribute = Expression & { readonly kind: "attribute" };

/** The call that `span` is the place of: effects and findings know places only. */
export function callAt(root: object, span: Span): Call | undefined {
  for (const node of nodesIn(root))
    if (node.kind === "call" && node.start === span.start && node.end === span.end) return node as Call;
  return undefined;
}

/** `x.y.z` and `x`, as written; `undefined` for what is computed (`f(x).y`). */
export function dotted(expression: Expression): string | undefined {
  if (expression.kind === "name") return expression.id;
  if (expression.kind !== "attribute") return undefined;
  const object = dotted(expression.object);
  return object === undefined ? undefined : `${object}.${expression.name}`;
}

export function isLeaving(statement: Statement | undefined): boolean {
  return statement?.kind === "return" || statement?.kind === "raise" || statement?.kind === "leave";
}
