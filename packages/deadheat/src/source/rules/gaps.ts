import { ANY_COLUMN, isNamedElsewhere } from "../effects/by-name.ts";
import type { Effect } from "../effects/effect.ts";
import type { Coverage } from "../effects/protection.ts";
import { columnOf, type Row } from "../effects/values.ts";
import { claimed, taken } from "./claimed-gaps.ts";
import { answered, computed } from "./computed-gaps.ts";
import type { Gap } from "./gap.ts";
import type { RuleContext } from "./rule.ts";
import { tested } from "./tested-gaps.ts";

const known = new WeakMap<readonly Effect[], readonly Gap[]>();

/** All gaps of one function; the same list for all rules that ask. */
export function gapsOf(context: RuleContext): readonly Gap[] {
  const found = known.get(context.effects);
  if (found) return found;
  const gaps = [
    ...computed(context),
    ...answered(context),
    ...tested(context),
    ...claimed(context),
    ...taken(context),
  ].filter((gap) => isColumn(context, gap));
  known.set(context.effects, gaps);
  return gaps;
}

/** `self._parser`, `obj.__dict__`: attributes of the object that no table has. */
function isColumn({ program }: RuleContext, { row, column, write }: Gap): boolean {
  if (column.startsWith("__") || isRequest(row) || isOfAnother(write)) return false;
  if (!row.model && (column.startsWith("_") || isForm(write))) return false;
  if (!row.model?.definition || column === ANY_COLUMN || isNamedElsewhere(column)) return true;
  const { models } = program;
  const fields = models.fields(row.model);
  const isProperty = (name: string) => program.project.method(row.model!.definition!, name) !== undefined;
  const isField = fields.has(column) || fields.has(columnOf(column)) || isProperty(column);
  return isField || !(models.complete(row.model) || column.startsWith("_"));
}

/** The object was given another row's key, or none, on the way to the write: what is written is not what was read. */
function isOfAnother({ fields }: Effect): boolean {
  return fields !== undefined && (fields.has("pk") || fields.has("id"));
}

/** `form.save()` of what is asked `form.is_valid()` in the same function: its `data` is no column. */
function isForm({ site: { fn, start, end } }: Effect): boolean {
  const { text } = fn.module.source;
  const name = /^(\w+)\.save\(/.exec(text.slice(start, end))?.[1];
  return name !== undefined && name !== "self" && fn.text().includes(`${name}.is_valid(`);
}

/** `request.data["k"] = v` changes what the client sent, in memory. */
function isRequest({ parameter, key, parent }: Row): boolean {
  return parameter === "request" || parent?.name === "request" || /(^|\.)request(\)|$)/.test(key);
}

export function gapsWith(
  context: RuleContext,
  coverages: readonly Coverage[],
  kinds: readonly Gap["kind"][],
): Gap[] {
  return gapsOf(context).filter(
    (one) => coverages.includes(one.protection.coverage) && kinds.includes(one.kind),
  );
}
