import type { Expression } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import type { Run } from "./run.ts";

const OF_THREADS = /^(threading\.)?(R?Lock|(Bounded)?Semaphore|Condition)$/;

/**
 * `_lock = threading.Lock()` of a module or class, then `with _lock:`. Threads of this process wait for each other; a web
 * server runs several processes, and on several machines.
 */
export function isOfProcess(run: Run, expression: Expression): boolean {
  const { module, owner } = run.fn;
  if (!/\bthreading\b/.test(module.source.text)) return false;
  if (expression.kind === "call") return isMade(expression);
  if (expression.kind === "name") {
    const found = run.program.project.lookup(module, expression.id);
    return found?.kind === "value" && isMade(found.expression);
  }
  if (expression.kind !== "attribute" || !owner || expression.object.kind !== "name") return false;
  if (!/^(self|cls)$/.test(expression.object.id) && expression.object.id !== owner.name) return false;
  const value = run.program.project.attribute(owner, expression.name)?.value;
  return value !== undefined && isMade(value);
}

function isMade(expression: Expression): boolean {
  return expression.kind === "call" && OF_THREADS.test(textOf(expression.callee));
}
