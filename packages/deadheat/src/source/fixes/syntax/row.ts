import type { Atom, Row } from "../../effects/values.ts";
import { MANAGER } from "../../facts/names.ts";
import type { Expression, Span } from "../../parse/syntax.ts";
import { type FixContext, isOwn } from "../fix.ts";
import { type Call, callAt, dotted, nodesIn } from "./walk.ts";

export type FieldAtom = Atom & { readonly kind: "field" };

/** The row of a finding, and how the function calls it. */
export interface NamedRow {
  readonly row: Row;
  /** `coupon`, `self`, `request.user.profile`. */
  readonly name: string;
  /** A name that the function itself has given to it: it may be given to the same row, read again. */
  readonly isLocal: boolean;
}

/** Reads of the row's columns that the write depends on: by its conditions and by what it writes. */
export function readsOf({ write }: FixContext, key: string): FieldAtom[] {
  const atoms = [
    ...write.guards.flatMap((one) => one.deps),
    ...[...(write.fields?.values() ?? [])].flatMap((one) => one.deps),
    ...write.deps,
  ];
  return atoms.filter((one): one is FieldAtom => one.kind === "field" && one.row.key === key);
}

export function keyOf({ write }: FixContext): string | undefined {
  return write.row?.key ?? write.key;
}

export function namedRow(context: FixContext): NamedRow | undefined {
  const key = keyOf(context);
  if (key === undefined) return undefined;
  const reads = readsOf(context, key);
  const row = context.write.row ?? reads[0]?.row;
  const name = nameInWrite(context) ?? reads.map((one) => nameInRead(context, one)).find((one) => one);
  if (!row || name === undefined) return undefined;
  const isGiven = context.node.parameters.some((one) => one.name === name);
  return { row, name, isLocal: /^\w+$/.test(name) && name !== "self" && name !== "cls" && !isGiven };
}

/** `x` of `x.save()` and `x.delete()`. */
function nameInWrite(context: FixContext): string | undefined {
  const { write } = context;
  if (!isOwn(context, write.site) || !/^(save|delete)$/.test(write.kind)) return undefined;
  const call = callAt(context.node, write.site);
  if (call?.callee.kind !== "attribute") return undefined;
  if (!/^a?(save|delete)$/.test(call.callee.name)) return undefined;
  return dotted(call.callee.object);
}

/** `x` of the `x.column` that was read. */
function nameInRead(context: FixContext, atom: FieldAtom): string | undefined {
  if (!isOwn(context, atom.site)) return undefined;
  for (const node of nodesIn(context.node))
    if (node.kind === "attribute" && node.start === atom.site.start && node.end === atom.site.end)
      return dotted((node as unknown as { object: Expression }).object);
  return undefined;
}

/**
 * `Coupon.objects`: as the function has read the row already, by the model's name where the module has it, else by
 * the class of the object at hand.
 */
export function managerOf(context: FixContext, { row, name }: NamedRow): string | undefined {
  const fetched =
    row.fetch && isOwn(context, row.fetch.site) ? managerIn(context, row.fetch.site) : undefined;
  if (fetched) return fetched;
  const named = modelName(context, row);
  if (named) return `${named}.${managerNameOf(context, row)}`;
  // `type()` of the lazy object that stands for the caller is not the model.
  if (row.origin === "principal" || /(^|\.)request\.user$/.test(name)) {
    const use = context.use({ from: "django.contrib.auth", name: "get_user_model" });
    return `${use}()._default_manager`;
  }
  return `type(${name}).${managerNameOf(context, row)}`;
}

function managerNameOf({ program, layout }: FixContext, { model }: Row): string {
  const definition = model?.definition;
  if (!definition)
    return model && new RegExp(`\\b${model.name}\\.objects\\b`).test(layout.text)
      ? "objects"
      : "_default_manager";
  if (program.project.attribute(definition, "objects")) return "objects";
  const own = program.project
    .lineage(definition)
    .classes.some((one) => [...one.attributes.values()].some(isManagerCall));
  return own ? "_default_manager" : "objects";
}

function isManagerCall(value: Expression): boolean {
  return value.kind === "call" && /(Manager|as_manager|from_queryset)\b/.test(dotted(value.callee) ?? "");
}

/** The model by a name that the function's module has for it. */
export function modelName({ fn, program }: FixContext, { model }: Row): string | undefined {
  // An abstract model has no table: what is at hand is one of a class below it.
  if (!model || program.models.isAbstract(model)) return undefined;
  const { module } = fn;
  const names = [model.name, ...module.classes.keys(), ...module.imports.keys()];
  for (const name of names) {
    const found = program.project.lookup(module, name);
    if (found?.kind === "class" && found === model.definition) return name;
  }
  return !model.definition && module.imports.has(model.name) ? model.name : undefined;
}

/** `Coupon.objects` of `Coupon.objects.filter(…).first()`, and of `get_object_or_404(Coupon, …)`. */
function managerIn(context: FixContext, site: Span): string | undefined {
  const call = callAt(context.node, site);
  if (!call) return undefined;
  for (let at: Expression | undefined = call; at; at = inner(at))
    if (at.kind === "attribute" && MANAGER.test(at.name)) {
      const text = dotted(at);
      return text ?? context.layout.slice(at);
    }
  const [model] = call.args;
  if (/(^|\.)a?get_object_or_404$/.test(dotted(call.callee) ?? "") && model?.value.kind === "name")
    return /^[A-Z]/.test(model.value.id) ? `${model.value.id}.objects` : undefined;
  return undefined;
}

function inner(expression: Expression): Expression | undefined {
  if (expression.kind === "call") return expression.callee;
  return expression.kind === "attribute" ? expression.object : undefined;
}

/** Where `.select_for_update()` goes in a read of one row; `undefined` where the read cannot lock. */
export function lockInto(
  context: FixContext,
  call: Call,
  options: readonly string[] = [],
): { readonly at: number; readonly text: string } | undefined {
  const text = context.layout.slice(call);
  if (
    /\.(distinct|annotate|values|values_list|aggregate|union|raw|using|none)\(|select_for_update/.test(text)
  )
    return undefined;
  // PostgreSQL cannot lock the other side of an outer join.
  const given = [...(/\.select_related\(/.test(text) ? ['of=("self",)'] : []), ...options];
  const lock = `select_for_update(${given.join(", ")})`;
  const { callee } = call;
  if (callee.kind === "attribute" && /^(get|first|last|latest|earliest)$/.test(callee.name)) {
    const object = context.layout.slice(callee.object);
    // `relation.get()`, `Model.objects.get()`, `queryset.get()`: a dictionary has `get` as well.
    if (!/(objects|_manager|_set|\))$/.test(object)) return undefined;
    return { at: callee.object.end, text: `.${lock}` };
  }
  const [source] = call.args;
  if (!/(^|\.)get_object_or_404$/.test(dotted(callee) ?? "") || !source || source.name || source.spread)
    return undefined;
  const rows = source.value;
  if (rows.kind === "name" && /^[A-Z]/.test(rows.id)) return { at: rows.end, text: `.objects.${lock}` };
  return /(objects|_manager|\))$/.test(context.layout.slice(rows))
    ? { at: rows.end, text: `.${lock}` }
    : undefined;
}
