import type { Expression, FunctionNode } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { takesLock } from "./contexts.ts";
import { SQL_LOCK } from "./held-locks.ts";
import { type Around, ASKS, runBefore } from "./prologue.ts";
import type { Run } from "./run.ts";
import type { Value } from "./values.ts";

/** `@limited` of the project: what its wrapper asks before it calls the function holds for all that the function does. */
export function runOwnDecorators(
  run: Run,
  decorators: readonly Expression[],
  parameters: ReadonlyMap<string, Value>,
): void {
  for (const one of decorators) {
    const found = run.program.project.resolve(run.fn.module, one.kind === "call" ? one.callee : one);
    if (found?.kind !== "function" || found === run.fn) continue;
    run.program.noteRead(found);
    if (!ASKS.test(found.text()) && !holdsLock(found)) continue;
    const around = wrapperIn(found);
    if (around) runBefore(run, around, [...parameters.values()]);
  }
}

/** `with redis.lock(…): return function(…)`, or a statement that locks before the function is called. */
function holdsLock(decorator: FunctionDefinition): boolean {
  const text = decorator.text();
  if (SQL_LOCK.test(text) && text.includes("execute(")) return true;
  return [...text.matchAll(/\bwith\s+([\w.]+)/g)].some((one) => takesLock(one[1] as string));
}

/** The innermost function that calls what the one around it was given. */
function wrapperIn(decorator: FunctionDefinition): Around | undefined {
  const { text } = decorator.module.source;
  let around: FunctionNode = decorator.decode();
  for (;;) {
    const inner = around.body.find((one): one is FunctionNode => one.kind === "function");
    const [given] = around.parameters;
    if (!inner) return undefined;
    const callsOn = given && new RegExp(`\\b${given.name}\\(`);
    if (callsOn && !inner.body.some((one) => one.kind === "function"))
      if (inner.body.some((one) => callsOn.test(text.slice(one.start, one.end))))
        return { fn: decorator, node: inner, callsOn };
    around = inner;
  }
}
