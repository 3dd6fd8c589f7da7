import type { Span } from "../parse/syntax.ts";
import type { Run } from "./run.ts";
import { isUnsaved } from "./saved-columns.ts";
import { emitSave } from "./saves.ts";
import type { Row, Value } from "./values.ts";

/**
 * `except Subscription.DoesNotExist: self.subscription = Subscription(page=page)` in `dispatch`, and `self.subscription.save()`
 * in another method of the view: made where none was found, whichever request comes first.
 */
export function savedElsewhere(run: Run, object: Row, name: string, value: Value, span: Span): void {
  const { cls, origin } = object;
  if (value.kind !== "row" || !value.model || !isUnsaved(value) || origin !== "self" || !cls) return;
  if (run.guards.at(-1)?.kind !== "missing") return;
  const saves = `self.${name}.save(`;
  if (run.fn.text().includes(saves)) return;
  const isSaved = run.program.project
    .lineage(cls)
    .classes.some((one) => [...one.methods.values()].some((method) => method.text().includes(saves)));
  if (isSaved) emitSave(run, value, { expressions: [], values: [], positional: [], named: new Map() }, span);
}
