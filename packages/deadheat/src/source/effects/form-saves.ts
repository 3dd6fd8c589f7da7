import { IS_FORM } from "../facts/names.ts";
import type { Span } from "../parse/syntax.ts";
import { formKind } from "../project/form-kinds.ts";
import { depsOfAll, type Given } from "./arguments.ts";
import { attributeOf, isProperty } from "./attributes.ts";
import { callDefinition } from "./call-definition.ts";
import { identityDeps } from "./dependencies.ts";
import { entriesOf } from "./dictionaries.ts";
import { compatible, type Effect } from "./effect.ts";
import type { How } from "./expressions.ts";
import { serializerModel } from "./framework-methods.ts";
import { savesSome } from "./partial-saves.ts";
import type { Run } from "./run.ts";
import { assignedFrom, keepAssigned } from "./saved-columns.ts";
import { emitPerhapsNew } from "./saves.ts";
import { sendOnSave } from "./sent-on-save.ts";
import { VALIDATES, validateForm } from "./validators.ts";
import { type Assigned, NONE, type Row, union, type Value } from "./values.ts";

export function isForm(row: Row): boolean {
  return (row as { readonly serializer?: boolean }).serializer === true;
}

/** `form.save()` of a form that says itself what that is. */
export function saveByOwn(run: Run, row: Row, given: Given, span: Span): Value | undefined {
  const own = row.cls && run.program.project.method(row.cls, "save");
  if (!own || own === run.fn || row.origin === "self" || isDetached(given)) return undefined;
  // (A serializer's writes in `create` and `update`.)
  if (formKind(run.program.project, own.owner!) !== "form") return undefined;
  const saved = callDefinition(run, own, row, given.positional, span, { named: given.named });
  if (row.instance?.kind === "row") emitPerhapsMissing(run, row, row.instance, span);
  return saved;
}

const MAKES_OR_CHANGES: ReadonlySet<Effect["kind"]> = new Set(["create", "save", "update", "get-or-create"]);

/** `serializer.save()` of a serializer that says itself what that is: by its `create` or `update`. */
function saveByMethod(
  run: Run,
  row: Row,
  name: "create" | "update",
  deps: Row["deps"],
  span: Span,
): Value | undefined {
  const { project } = run.program;
  const own = row.cls && row.origin !== "self" ? project.method(row.cls, name) : undefined;
  if (!own || own === run.fn || formKind(project, own.owner!) !== "serializer") return undefined;
  const given = [run.unknown(deps)];
  if (name === "update") given.unshift(instanceOf(run, row, span));
  const from = run.effects.length;
  const saved = callDefinition(run, own, row, given, span, {});
  // What is made farther away than is told here is made all the same.
  return run.effects.slice(from).some((one) => MAKES_OR_CHANGES.has(one.kind)) ? saved : undefined;
}

/** `save(commit=False)`. */
function isDetached(given: Given): boolean {
  const commit = given.named.get("commit");
  return commit?.kind === "scalar" && commit.literal === false;
}

/** `Form(instance=rows.first()).save()`: where there was none, one is made. */
function emitPerhapsMissing(run: Run, form: Row, row: Row, span: Span): void {
  const { fetch, model } = row;
  if (row.perhapsNew || fetch?.kind !== "fetch" || !/^(first|last)$/.test(fetch.name)) return;
  // Some of it is sent (`partial=True`), or it was looked at before: it is there. By key: none was given for a new one.
  if ((form as { readonly partial?: unknown }).partial || [...run.attributesOf(row)].length > 0) return;
  if (fetch.query?.filters.every((one) => /^(pk|id)$/.test(one.lookup))) return;
  if (run.guards.some((one) => one.deps.some((atom) => atom.kind === "query" && atom.effect === fetch)))
    return;
  const { guards } = run;
  run.guards = [...guards, run.guard("missing", [{ kind: "query", effect: fetch }], span)];
  run.emit("create", span, { row, ...(model ? { model } : {}), deps: NONE, name: "form.save", lookups: [] });
  run.guards = guards;
}

export function isFormClass(run: Run, row: Row): boolean {
  return row.cls !== undefined && !row.model && formKind(run.program.project, row.cls) !== undefined;
}

/** `serializer.save()`: writes the row it was given, or makes a new one. */
export function saveForm(run: Run, row: Row, given: Given, span: Span, receiver: string): Value {
  const detached = isDetached(given);
  // `serializer.instance = locked` says of which row from then on.
  const instance = run.assignedTo(row, "instance")?.value ?? row.instance ?? run.attribute(row, "instance");
  const updates = instance?.kind === "row" && instance.origin !== "new";
  const target = (row as { readonly target?: Row["model"] }).target;
  const deps = union(row.input ?? NONE, row.deps, depsOfAll(given));
  const hook = run.fn.name;
  if (detached) {
    if (instance?.kind === "row") return instance;
    // In a method of the form: the row that it was given, whichever that is.
    return row.origin === "self"
      ? madeOrChanged(instanceOf(run, row, span), target)
      : run.row("new", `#form${run.program.fresh()}`, { model: target, cls: target?.definition });
  }
  const saved = saveByMethod(run, row, updates || /update/.test(hook) ? "update" : "create", deps, span);
  if (saved) return saved;
  if (updates || /update/.test(hook)) {
    const written = instance?.kind === "row" ? instance : instanceOf(run, row, span);
    emitPerhapsMissing(run, row, written, span);
    emitPerhapsNew(
      run,
      written,
      { row: written, ...(written.model ? { model: written.model } : {}), deps },
      span,
    );
    const effect = run.emit("save", span, {
      row: written,
      ...(written.model ? { model: written.model } : {}),
      fields: fieldsOfForm(run, written, given, span),
      deps,
      name: "serializer.save",
    });
    if (savesSome(run.program.project, row)) Object.assign(effect, { partial: true });
    sendOnSave(run, written, span);
    return written;
  }
  const made =
    instance?.kind === "row"
      ? instance
      : run.row("new", `#made${run.program.fresh()}`, { model: target, cls: target?.definition });
  const model = made.model ?? target;
  // A bare `form.save()` may do either; what is made is assumed only where nothing was given to change.
  run.emit("create", span, {
    row: made,
    ...(model ? { model } : {}),
    fields: fieldsOfForm(run, made, given, span),
    deps,
    name: IS_FORM.test(receiver) ? "form.save" : "serializer.save",
    lookups: [],
  });
  sendOnSave(run, made, span);
  return made;
}

/** What was set on the row before it is saved, and what `save(stage="sent")` sets beside what was sent. */
function fieldsOfForm(run: Run, row: Row, given: Given, span: Span): Map<string, Assigned> {
  const fields = new Map<string, Assigned>();
  // What validation sets is what was sent.
  for (const one of row.assigned)
    if (compatible(one.steps, run.steps) && !VALIDATES.test(one.site.fn.name)) keepAssigned(fields, one);
  for (const [name, one] of assignedFrom(run, given.named, span))
    if (name !== "commit") fields.set(name, one);
  return fields;
}

/** `user = super().save(commit=False)` in a form: one that the form makes, or one that it was given. */
function madeOrChanged(row: Row, target: Row["model"]): Row {
  if (target && !row.model) row.perhapsMadeIn = target;
  return row;
}

/** The row behind a serializer that was given as a parameter: known where the function is called. */
function instanceOf(run: Run, row: Row, span: Span): Row {
  const value = attributeOf(run, row, "instance", span);
  return value.kind === "row" ? value : run.row("call", `${row.key}.instance`);
}

const NOTHING_GIVEN: Given = { expressions: [], values: [], positional: [], named: new Map() };

/** `super().create(validated_data)` in a serializer, `super().save()` in a form: what the framework's own do. */
export function superOfForm(run: Run, self: Row, name: string, given: Given, span: Span): Value | undefined {
  const cls = run.fn.owner;
  if (!/^(create|update|save)$/.test(name) || !cls) return undefined;
  const target = serializerModel(run, cls);
  const form = Object.assign({ ...self }, { serializer: true, ...(target ? { target } : {}) });
  return name === "save"
    ? saveForm(run, form, given, span, "form")
    : formMethod(run, form, name, given, span, {});
}

/** What was put into `validated_data` is given to the row. */
function validated(run: Run, data: Value | undefined): Given {
  const entries = entriesOf(run, data);
  return entries ? { ...NOTHING_GIVEN, values: [...entries.values()], named: entries } : NOTHING_GIVEN;
}

export function formMethod(run: Run, row: Row, name: string, given: Given, span: Span, how: How): Value {
  if (name === "is_valid") {
    validateForm(run, row, span);
    return run.scalar(NONE);
  }
  // DRF's `save()` calls them; called directly they do the same.
  const instance = given.positional[0] ?? given.named.get("instance");
  if (name === "create" && given.positional.length === 1) {
    const { instance: _, ...bare } = row;
    // (A number of its own: what `self.instance` was found to be is not what is made.)
    return saveForm(run, { ...bare, id: run.program.fresh() }, validated(run, instance), span, "serializer");
  }
  if (name === "update" && instance?.kind === "row" && given.values.length === 2)
    return saveForm(
      run,
      { ...row, instance },
      validated(run, given.positional[1] ?? given.named.get("validated_data")),
      span,
      "serializer",
    );
  // `serializer.close()`: what it does to `self.instance`, it does to the row that it was given here.
  const own = row.cls && row.origin !== "self" && row.instance && run.program.project.method(row.cls, name);
  if (own && own !== run.fn && !isProperty(own))
    return callDefinition(run, own, row, given.positional, span, { named: given.named, ...how });
  const value = attributeOf(run, row, name, span);
  return run.unknown(union(value.deps, row.input ?? NONE, identityDeps(row)));
}
