import type { Expression } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { beginTransaction, opensTransaction, takesLock } from "./contexts.ts";
import type { Run } from "./run.ts";

/** What a function's decorators put around its body: a transaction, a lock. */
export function decorate(run: Run, decorators: readonly Expression[]): void {
  const names = decorators.map((one) => ({ expression: one, name: textOf(one) }));
  if (
    run.program.settings.atomicRequests === true &&
    isEntryFunction(run.fn) &&
    !names.some((one) => /non_atomic/.test(one.name))
  )
    beginTransaction(run, run.fn, true);
  for (const { expression, name } of names) {
    if (opensTransaction(name) || wrapsTransaction(run, expression)) beginTransaction(run, expression);
    else if (takesLock(name)) {
      const text = run.fn.module.source.text.slice(expression.start, expression.end);
      run.locks = [...run.locks, { id: run.program.fresh(), name: text, site: run.site(expression) }];
    } else if (/method_decorator$/.test(name) && expression.kind === "call") {
      const inner = expression.args[0];
      if (inner && opensTransaction(textOf(inner.value))) beginTransaction(run, expression);
    }
  }
}

function wrapsTransaction(run: Run, expression: Expression): boolean {
  const callee = expression.kind === "call" ? expression.callee : expression;
  const found = run.program.project.resolve(run.fn.module, callee);
  return found?.kind === "function" && /\b(transaction\.atomic|with\s+\w*atomic)\b/.test(found.text());
}

const HTTP_METHODS = new Set([
  "get",
  "post",
  "put",
  "patch",
  "delete",
  "create",
  "update",
  "partial_update",
  "destroy",
]);

/** Called by Django with a request: whatever else calls it, a request does. */
export function isEntryFunction(fn: FunctionDefinition): boolean {
  if (fn.owner && !HTTP_METHODS.has(fn.name)) return false;
  const head = fn.module.source.text.slice(fn.start, fn.start + 600);
  const at = head.indexOf(`def ${fn.name}(`);
  return at >= 0 && /^def \w+\((\s*self,)?\s*_?request\b/.test(head.slice(at));
}
