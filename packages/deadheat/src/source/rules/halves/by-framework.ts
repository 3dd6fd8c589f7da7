import type { FunctionDefinition } from "../../project/definitions.ts";
import type { RuleContext } from "../rule.ts";

/** What Django and DRF call by its name, and the method of theirs which does. */
const CALLED_BY: ReadonlyMap<string, readonly string[]> = new Map([
  ["perform_create", ["create"]],
  ["perform_update", ["update"]],
  ["perform_destroy", ["destroy"]],
  ["form_valid", ["post", "form_valid"]],
]);

/**
 * `perform_destroy(instance)`, which DRF calls for every DELETE: whatever the callers do that are seen, there is that
 * one, unless the view has a `destroy()` of its own.
 */
export function isCalledByFramework({ program: { project } }: RuleContext, fn: FunctionDefinition): boolean {
  const { owner } = fn;
  const callers = CALLED_BY.get(fn.name);
  if (!owner || !callers) return false;
  const { classes } = project.lineage(owner);
  return callers.every((name) => name === fn.name || !classes.some((one) => one.methods.has(name)));
}
