import type { Expression, FunctionNode, Statement } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { type Project, textOf } from "../project/project.ts";

export type Node = Expression | Statement;

/** All expressions and statements of a function, outer ones first, in the order of the text. */
export function nodesIn(body: FunctionNode | readonly Statement[]): Node[] {
  const found: Node[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (value !== null && typeof value === "object") {
      if ("kind" in value) found.push(value as Node);
      for (const inner of Object.values(value)) if (typeof inner === "object") visit(inner);
    }
  };
  visit("kind" in body ? body.body : body);
  return found;
}

const DEEPEST = 4;

export interface Reached {
  readonly fn: FunctionDefinition;
  readonly node: FunctionNode;
}

/** A handler, and what it calls of its own class and of the project: where its body is read and its answer made. */
export function reachedFrom(
  project: Project,
  handler: FunctionDefinition,
  view: ClassDefinition | undefined,
): Reached[] {
  const found = new Map<FunctionDefinition, Reached>();
  const visit = (fn: FunctionDefinition, depth: number): void => {
    if (found.has(fn) || depth > DEEPEST) return;
    const node = fn.decode();
    found.set(fn, { fn, node });
    for (const one of nodesIn(node)) {
      if (one.kind !== "call" && one.kind !== "attribute") continue;
      const called = calledBy(project, fn, view, one.kind === "call" ? one.callee : one);
      if (called) visit(called, depth + 1);
    }
  };
  visit(handler, 0);
  return [...found.values()];
}

function calledBy(
  project: Project,
  fn: FunctionDefinition,
  view: ClassDefinition | undefined,
  callee: Expression,
): FunctionDefinition | undefined {
  const text = textOf(callee);
  if (/^self\.\w+$/.test(text)) {
    const owner = view ?? fn.owner;
    return owner && project.method(owner, text.slice(5));
  }
  if (callee.kind === "attribute" && callee.object.kind === "call" && textOf(callee.object) === "super")
    return fn.owner && project.methodAbove(fn.owner, callee.name);
  if (callee.kind !== "name" && callee.kind !== "attribute") return undefined;
  const target = project.resolve(fn.module, callee);
  return target?.kind === "function" ? target : undefined;
}

/** `"a"`, or the text that a choice stands for: `Kind.DEPOSIT` of `DEPOSIT = "DEPOSIT", "Deposit"`. */
export function constantText(
  project: Project,
  fn: FunctionDefinition,
  expression: Expression,
): string | undefined {
  if (expression.kind === "string" && expression.parts.length === 0) return expression.value;
  if (expression.kind !== "attribute" && expression.kind !== "name") return undefined;
  const target = project.resolve(fn.module, expression);
  const value = target?.kind === "value" ? target.expression : undefined;
  const first = value?.kind === "sequence" ? value.items[0] : value;
  return first?.kind === "string" && first.parts.length === 0 ? first.value : undefined;
}
