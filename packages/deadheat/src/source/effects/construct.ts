import type { Span } from "../parse/syntax.ts";
import { formKind } from "../project/form-kinds.ts";
import { textOf } from "../project/project.ts";
import { depsOfAll, type Given } from "./arguments.ts";
import { callDefinition } from "./call-definition.ts";
import { isDatabaseExpression } from "./calls.ts";
import { identityDeps } from "./dependencies.ts";
import type { How } from "./expressions.ts";
import { externalCall } from "./externals.ts";
import { serializerModel } from "./framework-methods.ts";
import { noteMadeOf } from "./outside-classes.ts";
import { isPartial } from "./partial-saves.ts";
import type { Run } from "./run.ts";
import { NONE, type Row, union, type Value } from "./values.ts";

/** `Class(…)`. */
export function construct(
  run: Run,
  target: Value & { readonly kind: "class" },
  given: Given,
  span: Span,
  how: How,
): Value {
  const name = target.dotted.split(".").at(-1) as string;
  if (!target.cls && isDatabaseExpression(target.dotted)) return databaseExpression(run, name, given);
  if (target.cls && isOwnExpression(run, target.cls))
    return run.scalar(depsOfAll(given), { database: true, shape: "own" });
  if (target.model) return newInstance(run, target, given, span);
  const kind = target.cls ? kindOf(run, target.cls) : name;
  const isForm = target.cls ? formKind(run.program.project, target.cls) !== undefined : false;
  if (isForm || /(Serializer|Form|FormSet)$/.test(kind)) return formOf(run, target, given);
  // `Stage(request.data["stage"])`: the same value, as a member of an enumeration.
  if (target.cls && isEnumeration(run, target.cls)) return run.unknown(depsOfAll(given));
  if (target.cls) {
    const made = run.row("new", `#${name}${run.program.fresh()}`, { cls: target.cls, deps: NONE });
    const init = run.program.project.method(target.cls, "__init__");
    if (init) callDefinition(run, init, made, given.positional, span, { named: given.named });
    else if (isRecord(run, target.cls)) fillRecord(run, made, given, span);
    return made;
  }
  // A class that is out of sight and is called with names of columns may be a model: decided when it is saved.
  const external = externalCall(run, target.dotted, undefined, given, span, how);
  noteMadeOf(external, name);
  if (external.kind !== "row" || given.named.size === 0 || given.positional.length > 0) return external;
  return newInstance(run, { ...target, model: run.program.models.named(name) }, given, span);
}

/** A dataclass, a named tuple: what it is made of are its attributes. */
/** Names of a record's fields, those of the classes above first. */
export function fieldsOf(run: Run, cls: NonNullable<Row["cls"]>): readonly string[] {
  const { classes } = run.program.project.lineage(cls);
  return [...new Set([...classes].reverse().flatMap((one) => [...(one.annotations?.keys() ?? [])]))];
}

export function isRecord(run: Run, cls: NonNullable<Row["cls"]>): boolean {
  if (cls.decorators.some((one) => /(^|\.)(dataclass|define|frozen|s)$/.test(textOf(one)))) return true;
  return run.program.project
    .lineage(cls)
    .external.some((one) => /(^|\.)(NamedTuple|BaseModel|Struct)$/.test(one));
}

function isEnumeration(run: Run, cls: NonNullable<Row["cls"]>): boolean {
  return run.program.project.lineage(cls).external.some((one) => /(Choices|Enum|Flag)$/.test(one));
}

function fillRecord(run: Run, made: Row, given: Given, span: Span): void {
  const names = fieldsOf(run, made.cls!);
  for (const [index, value] of given.positional.entries())
    if (names[index] !== undefined) run.assign(made, names[index], value, span);
  for (const [name, value] of given.named) run.assign(made, name, value, span);
}

function kindOf(run: Run, cls: NonNullable<Row["cls"]>): string {
  const { classes, external } = run.program.project.lineage(cls);
  const names = [...classes.map((one) => one.name), ...external];
  return names.find((one) => /(Serializer|Form|FormSet)$/.test(one)) ?? cls.name;
}

/** `class AddToKey(Func): template = "jsonb_set(…)"`: the project's own, computed by the database as Django's are. */
function isOwnExpression(run: Run, cls: NonNullable<Row["cls"]>): boolean {
  return run.program.project
    .lineage(cls)
    .external.some(
      (one) => /(^|\.)(Func|Expression|Transform|Aggregate)$/.test(one) || isDatabaseExpression(one),
    );
}

/** `F("x") + 1` is computed by the database; so is `Concat("x", Value(y))`. The values given to it are Python's. */
export function databaseExpression(run: Run, _name: string, given: Given): Value {
  return run.scalar(depsOfAll(given), { database: true });
}

/** `self.entry_class(owner=owner)`, of a class that subclasses name or that was handed in: a row, if it is saved. */
export function madeOfUnknown(run: Run, text: string, given: Given, span: Span): Row | undefined {
  if (given.named.size === 0 || given.positional.length > 0) return undefined;
  return NAMES_A_CLASS.test(text) && !IS_NO_ROW.test(text) ? newInstance(run, {}, given, span) : undefined;
}

const NAMES_A_CLASS = /(^|[._])(cls|klass|class|model|[A-Z][A-Z_]+)$/;
const IS_NO_ROW = /(form|formset|serializer|filterset|response|exception|error)_class$/i;

type Target = Partial<Pick<Value & { readonly kind: "class" }, "cls" | "model">>;

function newInstance(run: Run, target: Target, given: Given, span: Span): Row {
  const made = run.row("new", `#new${run.program.fresh()}`, {
    model: target.model,
    cls: target.cls ?? target.model?.definition,
  });
  for (const [name, value] of given.named) run.assign(made, name, value, span);
  if (isFilled(given)) made.isFilled = true;
  made.input = union(...given.values.map((one) => union(one.deps, identityDeps(one))));
  return made;
}

/** `**data`: more columns than are seen. */
export function isFilled({ expressions, values }: Given): boolean {
  return expressions.some(({ spread }, at) => {
    const value = spread === "**" ? values[at] : undefined;
    return value !== undefined && !(value.kind === "scalar" && value.entries);
  });
}

function formOf(run: Run, target: Value & { readonly kind: "class" }, given: Given): Row {
  const form = run.row("new", `#form${run.program.fresh()}`, { cls: target.cls });
  const isSerializer = target.cls
    ? formKind(run.program.project, target.cls) === "serializer"
    : /Serializer$/.test(target.dotted);
  const instance = given.named.get("instance") ?? (isSerializer ? given.positional[0] : undefined);
  if (instance) form.instance = instance;
  form.input = depsOfAll(given);
  const model = target.cls && serializerModel(run, target.cls);
  if (isPartial(given)) Object.assign(form, { partial: target.cls ?? true });
  return Object.assign(form, { serializer: true, ...(model ? { target: model } : {}) });
}

export { textOf };
