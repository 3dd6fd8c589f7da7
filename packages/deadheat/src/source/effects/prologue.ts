import type { Expression, FunctionNode, Statement } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { assign } from "./assignments.ts";
import { enterContext, opensTransaction } from "./contexts.ts";
import { evaluateTest } from "./expressions.ts";
import type { Env, Run } from "./run.ts";
import { runBlock } from "./statements.ts";
import { isOrdered } from "./truth.ts";
import type { Value } from "./values.ts";

/** Worth walking through: it asks the database, or compares what a row holds. */
export const ASKS =
  /\.(objects|_default_manager)\b|_set\b|_or_404\(|get_object\(|\.a?(count|exists|filter|get|first)\(/;

/** The same for functions that are looked at in any case: lookups by key alone tell nothing. */
export const COUNTS_OR_FINDS = /\.(objects|_default_manager)\b|_set\b|\.filter\(|\.a?(count|exists)\(/;

/** A function that runs around the one that is analysed, and calls it. */
export interface Around {
  /** In whose text it stands. */
  readonly fn: FunctionDefinition;
  readonly node: Pick<FunctionNode, "parameters" | "body">;
  /** Does the text call on? Without it, all of the body runs before. */
  readonly callsOn?: RegExp;
}

/**
 * Walks through what a function does before it calls the one that is analysed: what it asks there holds for all that
 * follows, and so do the locks that it holds around the call. What it writes is its own matter.
 */
export function runBefore(run: Run, around: Around, values: readonly Value[]): void {
  const { fn, env } = run;
  const [results, yields] = [run.results.length, run.yields.length];
  const own: Env = new Map();
  for (const [index, { name, spread }] of around.node.parameters.entries())
    own.set(name, spread ? run.unknown() : (values[index] ?? run.unknown()));
  run.fn = around.fn;
  run.env = own;
  asking(run, () => {
    if (around.callsOn) runTo(run, around.node.body, around.fn, around.callsOn);
    else runBlock(run, around.node.body);
  });
  run.results.splice(results);
  run.yields.splice(yields);
  run.generated.length = 0;
  run.fn = fn;
  run.env = env;
}

/** What `body` reads is read here; what it writes belongs to the function that it calls. */
export function asking<T>(run: Run, body: () => T): T {
  const before = run.asking;
  run.asking = true;
  const value = body();
  run.asking = before;
  return value;
}

/** The statements up to the one that calls on; of that one, what encloses the call. */
function runTo(run: Run, body: readonly Statement[], { module }: FunctionDefinition, callsOn: RegExp): void {
  const at = body.findIndex((one) => callsOn.test(module.source.text.slice(one.start, one.end)));
  runBlock(run, body.slice(0, Math.max(at, 0)));
  const last = body[at];
  switch (last?.kind) {
    case "if": {
      const isFirst = last.whenTrue.some((one) => callsOn.test(module.source.text.slice(one.start, one.end)));
      enterArm(run, last.test, isFirst ? 0 : 1);
      runTo(run, isFirst ? last.whenTrue : last.otherwise, run.fn, callsOn);
      return;
    }
    case "with":
      for (const { value, target } of last.items) {
        // (A transaction around all of it was seen from the text.)
        if (opensTransaction(textOf(value)) && run.txns.length > 0) continue;
        const entered = enterContext(run, value);
        if (target) assign(run, target, entered, target);
      }
      runTo(run, last.body, run.fn, callsOn);
      return;
    case "try": {
      const inBody = last.body.some((one) => callsOn.test(module.source.text.slice(one.start, one.end)));
      if (inBody) runTo(run, last.body, run.fn, callsOn);
      return;
    }
  }
}

/** `if allowed: return view(…)`: what follows is on that arm alone. */
function enterArm(run: Run, test: Expression, arm: number): void {
  run.asksForSize = false;
  const deps = evaluateTest(run, test);
  const guard = run.guard("test", deps, test, isOrdered(test) || run.asksForSize);
  const branch = run.program.fresh();
  run.steps = [...run.steps, { branch, arm }];
  if (deps.length === 0) return;
  Object.assign(guard, { branch, refuses: true });
  run.guards = [...run.guards, guard];
}
