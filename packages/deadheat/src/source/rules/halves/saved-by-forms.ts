import { isEntryFunction } from "../../effects/decorators.ts";
import type { Effect } from "../../effects/effect.ts";
import type { FunctionDefinition } from "../../project/definitions.ts";
import type { Project } from "../../project/project.ts";
import type { Belonging } from "./halves.ts";

/**
 * `form.save()`, then `formset.save()` or `subscription.save()`: what was sent was found valid as a whole, and where the
 * second cannot be saved, half of it is there.
 */
export function savedByFormsIn(fn: FunctionDefinition, project: Project): Belonging {
  return ({ first, second }) => {
    if (first.trail.length + second.trail.length > 0) return undefined;
    const [one, other] = [formOf(first), formOf(second)];
    if (one === undefined || one === other) return undefined;
    if (other !== undefined) return "several forms are saved one after the other, in no transaction";
    if (second.kind !== "save" || isOfForm(first, second) || isStepOf(fn, project)) return undefined;
    return "what a form holds is saved, then another row, in no transaction";
  };
}

/** `formset` of `formset.save()`. */
function formOf(effect: Effect): string | undefined {
  if (effect.kind !== "save" && effect.kind !== "create") return undefined;
  return /^((\w+\.)*([a-z]\w*_)?form(set)?(\d|_\w+)?)\.save\(/.exec(textAt(effect))?.[1];
}

function textAt({ site: { fn, start, end } }: Effect): string {
  return fn.module.source.text.slice(start, end);
}

/** `order = form.save(); order.number = …; order.save()`: one row, saved twice. */
function isOfForm(first: Effect, second: Effect): boolean {
  if (first.row && first.row.key === second.row?.key) return true;
  const { fn, start } = first.site;
  const before = fn.module.source.text.slice(fn.start, start);
  const given = /([\w.]+)\s*=\s*$/.exec(before)?.[1];
  return given !== undefined && textAt(second).startsWith(`${given}.save(`);
}

/** A step that a base class calls, in whatever transaction that has. */
function isStepOf(fn: FunctionDefinition, project: Project): boolean {
  const { owner, name } = fn;
  if (!owner || isEntryFunction(fn)) return false;
  return project.lineage(owner).classes.some((one) => one !== owner && one.methods.has(name));
}
