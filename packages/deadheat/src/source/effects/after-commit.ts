import type { Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { onCommit } from "./externals.ts";
import type { Run } from "./run.ts";
import type { Value } from "./values.ts";

/** `transaction.on_commit(func)`, `on_commit(lambda: func(row))`. */
const HANDED_ON = /\bon_commit\(\s*(?:lambda\s*:\s*|partial\(\s*)?(\w+)\b/g;

/**
 * `def after_commit(func): transaction.on_commit(func)`, a project's own: what it is given is run when the transaction
 * has committed.
 */
export function runAfterCommit(
  run: Run,
  fn: FunctionDefinition,
  bound: ReadonlyMap<string, Value>,
  span: Span,
): void {
  const isCallback = (value: Value) => value.kind === "function" && (value.closure || value.fn);
  if (![...bound.values()].some(isCallback)) return;
  const text = fn.text();
  if (!text.includes("on_commit(")) return;
  for (const [, name = ""] of text.matchAll(HANDED_ON)) {
    const callback = bound.get(name);
    if (!callback || !isCallback(callback)) continue;
    onCommit(run, { positional: [callback] }, span);
    return;
  }
}
