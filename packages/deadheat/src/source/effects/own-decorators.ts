import type { Expression, FunctionNode, Statement } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import type { Env, Run } from "./run.ts";
import { runBlock } from "./statements.ts";
import type { Value } from "./values.ts";

/** Worth walking through: it asks the database, or compares what a row holds. */
const ASKS = /\.objects\b|_set\b|\.a?(count|exists|filter|get|first)\(/;

/**
 * `@limited` of the project: what its wrapper asks before it calls the function holds for all that the function does.
 * Only what stands before the call is walked through; locks and transactions around it are known by their names.
 */
export function runOwnDecorators(
  run: Run,
  decorators: readonly Expression[],
  parameters: ReadonlyMap<string, Value>,
): void {
  for (const one of decorators) {
    const found = run.program.project.resolve(run.fn.module, one.kind === "call" ? one.callee : one);
    if (found?.kind !== "function" || found === run.fn) continue;
    run.program.noteRead(found);
    if (!ASKS.test(found.text())) continue;
    const wrapper = wrapperIn(found);
    if (wrapper) runBefore(run, found, wrapper, [...parameters.values()]);
  }
}

interface Wrapper {
  readonly node: FunctionNode;
  readonly before: readonly Statement[];
}

/** The innermost function that calls what the one around it was given. */
function wrapperIn(decorator: FunctionDefinition): Wrapper | undefined {
  const { text } = decorator.module.source;
  let around: FunctionNode = decorator.decode();
  for (;;) {
    const inner = around.body.find((one): one is FunctionNode => one.kind === "function");
    const [given] = around.parameters;
    if (!inner) return undefined;
    const calls = (one: Statement) =>
      given !== undefined && new RegExp(`\\b${given.name}\\(`).test(text.slice(one.start, one.end));
    const at = inner.body.findIndex(calls);
    if (at > 0 && !inner.body.some((one) => one.kind === "function"))
      return { node: inner, before: inner.body.slice(0, at) };
    around = inner;
  }
}

function runBefore(
  run: Run,
  decorator: FunctionDefinition,
  { node, before }: Wrapper,
  values: readonly Value[],
): void {
  const { fn, env } = run;
  const results = run.results.length;
  const own: Env = new Map();
  for (const [index, { name, spread }] of node.parameters.entries())
    own.set(name, spread ? run.unknown() : (values[index] ?? run.unknown()));
  run.fn = decorator;
  run.env = own;
  runBlock(run, before);
  run.results.splice(results);
  run.fn = fn;
  run.env = env;
}
