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
import { textOf } from "../project/project.ts";
import { depsOfAll, type Given } from "./arguments.ts";
import { attributeOf, queryOf } from "./attributes.ts";
import { cacheCall } from "./cached.ts";
import { callDefinition } from "./call-definition.ts";
import { callValue, onlyMethod } from "./calls.ts";
import { madeOfUnknown } from "./construct.ts";
import { fieldAtom } from "./dependencies.ts";
import type { How } from "./expressions.ts";
import { answerOf } from "./externals.ts";
import { formMethod, isForm, isFormClass, saveByOwn, saveForm } from "./form-saves.ts";
import { frameworkMethod } from "./framework-methods.ts";
import { logWritten, writesLog } from "./logs.ts";
import { madeOf } from "./outside-classes.ts";
import { callEach, implementers, overrides } from "./overriding.ts";
import { queryMethod, withoutAsync } from "./queries.ts";
import { isInColumn, mutateValue, partOfColumn } from "./rows.ts";
import type { Run } from "./run.ts";
import { emitSave } from "./saves.ts";
import { addRefresh, type Row, union, type Value } from "./values.ts";
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
  const isSent = /^_?send/.test(name) && SENDS.test(`${madeOf(row)} ${text}`) && !/signal/i.test(text);
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
  if (writesLog(name, row.parent?.name)) return logWritten(run, given, span);
  if (how.discarded)
    run.emit("command", span, {
      row,
      name: text || name,
      deps: depsOfAll(given),
      ...(row.model ? { model: row.model } : {}),
    });
  if (READS_LOCKED.test(name)) return queryOf(run, row.model, { locked: true, opaque: true });
  return answerOf(run, name, deps, how);
}

/** An object that may be saved to the database. */
function isRowLike(run: Run, row: Row, text: string): boolean {
  if (row.model || (row.cls && run.program.models.isPart(row.cls))) return true;
  const receiver = text.split(".").slice(0, -1).join(".");
  if (NOT_A_ROW.test(receiver)) return false;
  return !row.cls;
}

function saveRow(run: Run, row: Row, given: Given, span: Span, text: string): Value {
  const receiver = text.split(".").slice(0, -1).join(".");
  // A row of a known table is one, also where it is called `form`.
  const name = receiver.split(".").at(-1) ?? "";
  const isNamedForm = !row.model && (IS_FORM.test(name) || IS_SERIALIZER.test(name));
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
