import {
  EXTERNAL_METHOD,
  IS_FORM,
  IS_SERIALIZER,
  NOT_A_ROW,
  PUBLISHES,
  READS_LOCKED,
  SENDS,
} from "../facts/names.ts";
import type { Expression, Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { formKind } from "../project/form-kinds.ts";
import { sameModel } from "../project/model.ts";
import { textOf } from "../project/project.ts";
import { depsOfAll, type Given } from "./arguments.ts";
import { attributeOf, isProperty, queryOf } from "./attributes.ts";
import { cacheCall } from "./cached.ts";
import { callValue, onlyMethod } from "./calls.ts";
import { madeOfUnknown } from "./construct.ts";
import { fieldAtom, identityDeps } from "./dependencies.ts";
import { entriesOf, isEntry } from "./dictionaries.ts";
import { compatible, type Effect, type Guard } from "./effect.ts";
import type { How } from "./expressions.ts";
import { frameworkMethod, serializerModel } from "./framework-methods.ts";
import { callDefinition } from "./instantiate.ts";
import { callEach, implementers, overrides } from "./overriding.ts";
import { savesSome } from "./partial-saves.ts";
import { assignedFrom, queryMethod, withoutAsync } from "./queries.ts";
import { isInColumn, mutateValue, partOfColumn } from "./rows.ts";
import type { Run } from "./run.ts";
import { sendOnSave } from "./sent-on-save.ts";
import { VALIDATES, validateForm } from "./validators.ts";
import { type Assigned, addRefresh, NONE, type Row, union, type Value } from "./values.ts";
import { isActionAgain, viewAction } from "./view-actions.ts";

/** Methods of lists and dictionaries that change them. */
const MUTATES = new Set([
  "append",
  "extend",
  "insert",
  "pop",
  "popitem",
  "setdefault",
  "discard",
  "update",
  "remove",
  "add",
  "clear",
  "sort",
]);

export function rowMethod(
  run: Run,
  row: Row,
  called: string,
  given: Given,
  span: Span,
  how: How,
  callee: Expression,
): Value {
  const name = withoutAsync(called);
  const text = textOf(callee);
  if (name === "save") return saveRow(run, row, given, span, text);
  if (isForm(row)) return formMethod(run, row, name, given, span, how);
  const below = row.origin === "self" && row.cls && !run.inlining ? overrides(run, row.cls, called) : [];
  if (below.length > 0)
    return callEach(run, below, ({ method }) =>
      callDefinition(run, method, row, given.positional, span, { named: given.named, ...how }),
    );
  const own = row.cls && run.program.project.method(row.cls, called);
  if (own && row.origin === "self" && isActionAgain(run, own)) {
    const acted = viewAction(run, row, called, given, span);
    if (acted) return acted;
  }
  if (own && how.discarded && isForOverriding(own))
    return outOfSight(run, row, called, given, span, how, text);
  if (own) return callDefinition(run, own, row, given.positional, span, { named: given.named, ...how });
  if (name === "delete" && given.positional.length === 0 && isRowLike(run, row, text)) {
    const effect = run.emit("delete", span, { row, ...(row.model ? { model: row.model } : {}), name });
    effect.tested = how.discarded !== true;
    return run.unknown();
  }
  // `self.file.delete(save=False)`: of a column that names a file, the file.
  if (name === "delete" && row.parent && isAboutSaving(given)) {
    run.emit("external", span, { name: text, deps: depsOfAll(given) }).tested = how.discarded !== true;
    return run.unknown();
  }
  if (name === "full_clean" && row.model && row.cls) {
    const clean = run.program.project.method(row.cls, "clean");
    return clean ? callDefinition(run, clean, row, [], span, {}) : run.unknown();
  }
  if (name === "refresh_from_db") {
    const locked = [...given.named.values()].some((one) => one.kind === "query" && one.locked);
    const effect = run.emit("refresh", span, {
      row,
      ...(row.model ? { model: row.model } : {}),
      name,
      ...(locked ? { query: queryOf(run, row.model, { locked }) } : {}),
    });
    addRefresh(row, effect);
    run.forgetAttributes(row);
    return run.unknown();
  }
  // `validated_data.pop("gift")`, where `validate` has put one.
  const [key] = given.expressions;
  if (/^(pop|get)$/.test(name) && key?.value.kind === "string") {
    const entry = run.assignedTo(row, `[${key.value.value}]`);
    if (entry) return entry.value;
  }
  if (name === "get" && key && isInColumn(run, row))
    return partOfColumn(run, row, textOf(key.value), union(row.deps, depsOfAll(given)));
  const framework = frameworkMethod(run, row, name, given, span);
  if (framework) return framework;
  const cached = cacheCall(run, text, given, span, how);
  if (cached) return cached;
  const isSent = /^_?send/.test(name) && SENDS.test(text) && !/signal/i.test(text);
  if (EXTERNAL_METHOD.has(name) || isSent || PUBLISHES.test(text)) {
    const effect = run.emit("external", span, { name: text || name, deps: depsOfAll(given) });
    effect.tested = how.discarded !== true;
    return run.unknown();
  }
  // Of a row's attribute: `tags.add(x)` is a relation (a column holds no set), `lines.update(a=1)` a manager.
  const isRelation =
    (/^(add|remove|clear)$/.test(name) && !isContainer(run, row)) ||
    (name === "update" && given.named.size > 0 && given.positional.length === 0);
  const [added] = given.positional;
  // Objects and not values: `event.attendees.add(user)`.
  if (name === "add" && row.parent?.row.model && added?.kind === "row" && (added.model || added.fetch))
    return queryMethod(run, queryOf(run, undefined, { owner: row.parent }), "add", given, span, how);
  if (MUTATES.has(name) && row.parent && !isRelation) {
    if (!row.model && !row.cls) mutateValue(run, row, depsOfAll(given), span);
    return run.unknown(union(row.deps, depsOfAll(given)));
  }
  const assigned = attributeOf(run, row, called, callee);
  // `project.versions(manager=EXTERNAL)`: the relation, through another manager.
  if (given.named.has("manager") && given.values.length === 1)
    return assigned.kind === "query" ? assigned : queryOf(run, undefined, { owner: { row, name: called } });
  if (assigned.kind === "function" || assigned.kind === "class")
    return callValue(run, assigned, given, span, how, text);
  if (assigned.kind === "query") return queryMethod(run, assigned, "all", given, span, how);
  return outOfSight(run, row, called, given, span, how, text);
}

/** `delete(save=False)`, `delete(False)`. */
function isAboutSaving({ named, positional: [first, ...rest] }: Given): boolean {
  if (!first) return named.has("save");
  return (
    rest.length === 0 && named.size === 0 && first.kind === "scalar" && typeof first.literal === "boolean"
  );
}

/** `code in device.codes`, or a column of that type: a list and no relation. */
function isContainer({ containers, program }: Run, { id, parent }: Row): boolean {
  if (containers.has(id)) return true;
  const field = parent?.row.model && program.models.fields(parent.row.model).get(parent.name);
  return field !== undefined && /^(JSON|Array)Field$/.test(field.type);
}

/** `def _run(self): raise NotImplementedError`: subclasses say what it does. */
function isForOverriding(fn: FunctionDefinition): boolean {
  if (!/\bNotImplementedError\b/.test(fn.text())) return false;
  const body = fn.decode().body.filter((one) => one.kind !== "expression" || one.value.kind !== "string");
  return body.length === 1 && body[0]?.kind === "raise";
}

/** A method whose body is not known: it may read any column; where its result is not used, it was called for what it does. */
function outOfSight(
  run: Run,
  row: Row,
  name: string,
  given: Given,
  span: Span,
  how: How,
  text: string,
): Value {
  const made = madeOfUnknown(run, text, given, span);
  if (made) return made;
  const only = row.origin === "self" ? undefined : onlyMethod(run, name, true);
  if (only) return callDefinition(run, only, row, given.positional, span, { named: given.named, ...how });
  const below = row.origin === "self" || row.cls || row.model ? [] : implementers(run, name);
  if (below.length > 0)
    return callEach(run, below, ({ method }) =>
      callDefinition(run, method, row, given.positional, span, { named: given.named, ...how }),
    );
  const deps = union([fieldAtom(row, "*", run.site(span), run.seq)], row.deps, depsOfAll(given));
  if (how.discarded)
    run.emit("command", span, {
      row,
      name: text || name,
      deps: depsOfAll(given),
      ...(row.model ? { model: row.model } : {}),
    });
  if (READS_LOCKED.test(name)) return queryOf(run, row.model, { locked: true, opaque: true });
  return run.unknown(deps);
}

/** An object that may be saved to the database. */
function isRowLike(run: Run, row: Row, text: string): boolean {
  if (row.model || (row.cls && run.program.models.isPart(row.cls))) return true;
  const receiver = text.split(".").slice(0, -1).join(".");
  if (NOT_A_ROW.test(receiver)) return false;
  return !row.cls;
}

function isForm(row: Row): boolean {
  return (row as { readonly serializer?: boolean }).serializer === true;
}

function saveRow(run: Run, row: Row, given: Given, span: Span, text: string): Value {
  const receiver = text.split(".").slice(0, -1).join(".");
  // A row of a known table is one, also where it is called `form`.
  const isNamedForm = !row.model && (IS_FORM.test(receiver) || IS_SERIALIZER.test(receiver));
  if (isForm(row) || isNamedForm || isFormClass(run, row))
    return saveByOwn(run, row, given, span) ?? saveForm(run, row, given, span, receiver);
  if (!isRowLike(run, row, text) || (given.positional.length > 0 && !row.model)) {
    const own = row.cls && run.program.project.method(row.cls, "save");
    if (own && own !== run.fn)
      return callDefinition(run, own, row, given.positional, span, { named: given.named });
    // `storage.save(name, content)` gives the name back.
    return run.unknown(depsOfAll(given));
  }
  emitSave(run, row, given, span);
  return run.unknown();
}

/** `form.save()` of a form that says itself what that is. */
function saveByOwn(run: Run, row: Row, given: Given, span: Span): Value | undefined {
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

/** `super().save()` after a search in the row's own table: the row may be a new one, made because of what was found. */
export function emitPerhapsFirst(run: Run, row: Row, span: Span): void {
  const { model } = row;
  const isSearch = (atom: Guard["deps"][number]) =>
    atom.kind === "query" && atom.effect.kind !== "fetch" && sameModel(atom.effect.model, model);
  if (!model || row.origin !== "self" || !run.guards.some((one) => one.deps.some(isSearch))) return;
  run.emit("create", span, { row, model, deps: NONE, name: "save", lookups: [] });
}

/** What a form has made or changed is saved: made, where nothing like it was found. */
function emitPerhapsMade(run: Run, row: Row, fields: ReadonlyMap<string, Assigned>, span: Span): void {
  const model = row.perhapsMadeIn;
  if (!model || !run.guards.some((one) => one.deps.some((atom) => isSearchFor(atom, model)))) return;
  run.emit("create", span, { row, model, fields, deps: NONE, name: "form.save", lookups: [] });
}

function isSearchFor(atom: Guard["deps"][number], model: NonNullable<Row["model"]>): boolean {
  return atom.kind === "query" && sameModel(atom.effect.model, model);
}

function isFormClass(run: Run, row: Row): boolean {
  return row.cls !== undefined && !row.model && formKind(run.program.project, row.cls) !== undefined;
}

/** Made by this run, and not in the database yet. */
export function isUnsaved(row: Row): boolean {
  return row.origin === "new" && !row.fetch && !(row as { saved?: boolean }).saved;
}

export function emitSave(run: Run, saved: Row, given: Given, span: Span, name = "save"): void {
  const row = copiedBy(run, saved) ?? saved;
  const fields = new Map<string, Assigned>();
  for (const one of row.assigned)
    if (compatible(one.steps, run.steps) && !isEntry(one.name)) keepAssigned(fields, one);
  const isNew = isUnsaved(row);
  const common = {
    row,
    ...(row.model ? { model: row.model } : {}),
    fields,
    deps: union(row.input ?? NONE, ...[...fields.values()].map((one) => one.deps)),
  };
  if (isNew) {
    const more = row.isFilled ? ["*"] : [];
    run.emit("create", span, { ...common, name: "save", lookups: [...fields.keys(), ...more] });
    (row as { saved?: boolean }).saved = true;
    sendOnSave(run, row, span);
    return;
  }
  const columns = columnsOf(given);
  emitPerhapsNew(run, row, common, span);
  if (columns === undefined) emitPerhapsMade(run, row, fields, span);
  run.emit("save", span, { ...common, ...(columns === undefined ? {} : { columns }), name });
  sendOnSave(run, row, span);
}

/** `row.pk = None; row.save()`, or another row's key: the object stands for another row from there on, a copy. */
function copiedBy(run: Run, row: Row): Row | undefined {
  const isHere = ({ steps }: Assigned) =>
    steps.every((step) => run.steps.some((own) => own.branch === step.branch && own.arm === step.arm));
  if (row.origin === "new" || !row.assigned.some((one) => /^(pk|id)$/.test(one.name) && isHere(one)))
    return undefined;
  // What is given to the object is given to the copy.
  row.copy ??= {
    ...run.row("new", `#copy${run.program.fresh()}`, { model: row.model, cls: row.cls }),
    assigned: row.assigned,
    isCopy: true,
  };
  return row.copy;
}

/** Saved, the row that was made where none was found is inserted. */
function emitPerhapsNew(
  run: Run,
  row: Row,
  common: Pick<Effect, "deps"> & Partial<Pick<Effect, "row" | "model" | "fields">>,
  span: Span,
): void {
  if (!row.perhapsNew || !row.fetch) return;
  const { guards } = run;
  run.guards = [...guards, run.guard("missing", [{ kind: "query", effect: row.fetch }], span)];
  run.emit("create", span, {
    ...common,
    name: "save",
    lookups: row.perhapsNew.assigned.map((one) => one.name),
  });
  run.guards = guards;
}

/** `data = row.data; data["k"] = v; row.data = data` is a change in place. */
export function keepAssigned(fields: Map<string, Assigned>, one: Assigned): void {
  const before = fields.get(one.name);
  const isItself = one.value.kind === "row" && one.value.parent?.name === one.name;
  if (!(before?.inPlace && isItself)) fields.set(one.name, one);
}

function columnsOf(given: Given): readonly string[] | "unknown" | undefined {
  const expression = given.expressions.find((one) => one.name === "update_fields")?.value;
  return expression && (columnsIn(expression) ?? "unknown");
}

/** `["a", "b"]`. */
export function columnsIn(expression: Expression | undefined): readonly string[] | undefined {
  if (expression?.kind !== "sequence" || !expression.items.every((one) => one.kind === "string"))
    return undefined;
  return expression.items.map((one) => (one as { value: string }).value);
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

function formMethod(run: Run, row: Row, name: string, given: Given, span: Span, how: How): Value {
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
