import { columnOf } from "../../effects/values.ts";
import type { Expression } from "../../parse/syntax.ts";
import { type FixContext, isOwn } from "../fix.ts";
import { keepUnsaved } from "./callers.ts";
import { modelOf } from "./model.ts";
import type { NamedRow } from "./row.ts";
import { isUnsaved } from "./unsaved.ts";
import { type Call, dotted, nodesIn } from "./walk.ts";

/**
 * The columns that a `save()` of this function has to write: those that it has set, and those that the model sets at
 * each save. `undefined` where somebody else may have set more.
 */
export function columnsToSave(
  context: FixContext,
  { name, row, isLocal }: NamedRow,
): readonly string[] | undefined {
  const { write, program } = context;
  const model = modelOf(context, row, write.fields?.keys() ?? []);
  if (!model || isUnsaved(context, { name, row, isLocal })) return undefined;
  const set = [...(write.fields?.values() ?? [])];
  if (set.length === 0 || set.some((one) => !/^[a-z_]\w*$/i.test(one.name) || !isOwn(context, one.site)))
    return undefined;
  const [root] = name.split(".") as [string];
  const isGiven =
    root === name && (root === "self" || context.node.parameters.some((one) => one.name === root));
  if (isHandedOn(context, name) || (isGiven && keepUnsaved(context))) return undefined;
  const { definition } = model;
  if (!definition) return [...new Set(set.map((one) => one.name))];
  // A save() of the project's own may set others.
  if (program.project.method(definition, "save")) return undefined;
  const fields = program.models.fields(model);
  const known = set.every((one) => fields.has(one.name) || fields.has(columnOf(one.name)));
  if (!known) return undefined;
  return [...new Set([...set.map((one) => one.name), ...setAtEachSave(context, row)])];
}

/** `auto_now=True`: with `update_fields` Django sets it only where it is named. */
function setAtEachSave({ program }: FixContext, { model }: NamedRow["row"]): string[] {
  const definition = model?.definition;
  if (!definition) return [];
  return program.project
    .lineage(definition)
    .classes.flatMap((one) => [...one.attributes])
    .filter(([, value]) => isAutoNow(value))
    .map(([name]) => name);
}

function isAutoNow(value: Expression): boolean {
  return (
    value.kind === "call" &&
    (/(^|\.)(AutoLastModifiedField|ModificationDateTimeField)$/.test(dotted(value.callee) ?? "") ||
      value.args.some(
        (one) => one.name === "auto_now" && one.value.kind === "constant" && one.value.value === true,
      ))
  );
}

/** Given to another function, or one of its own methods is called, before it is saved: those may set columns, too. */
function isHandedOn({ node, write, layout }: FixContext, name: string): boolean {
  for (const one of nodesIn(node)) {
    if (one.kind !== "call" || one.start >= write.site.start) continue;
    const call = one as Call;
    if (call.args.some((argument) => dotted(argument.value) === name)) {
      if (!/^(isinstance|type|hasattr|getattr|str|len|print)$|log(ger)?\./.test(dotted(call.callee) ?? ""))
        return true;
    }
    if (call.callee.kind !== "attribute" || dotted(call.callee.object) !== name) continue;
    if (
      !/^(refresh_from_db|get_\w+|is_\w+|has_\w+|can_\w+|full_clean)$/.test(call.callee.name) &&
      !assigns(layout.text, call)
    )
      return true;
  }
  return false;
}

/** `self.alert_after = self.going_down_after()`: a method that is asked for a value. */
function assigns(text: string, call: Call): boolean {
  return /[=(,+\-*/<>]\s*$/.test(text.slice(Math.max(0, call.start - 20), call.start));
}
