import {
  COMMON_METHODS,
  DATABASE_EXPRESSION,
  EXTERNAL_METHOD,
  INVALIDATES_CACHE,
  IS_FORM,
  IS_SERIALIZER,
  ISSUES_TOKEN,
  RETIRES_TOKEN,
  ROTATES_TOKEN,
} from "../facts/names.ts";
import type { Expression, Span } from "../parse/syntax.ts";
import { formKind } from "../project/form-kinds.ts";
import { textOf } from "../project/project.ts";
import { isSwitchedOn } from "../project/settings.ts";
import { superOfAdmin } from "./admin.ts";
import { depsOfAll, evaluateArguments, type Given } from "./arguments.ts";
import { attributeOf, queryOf } from "./attributes.ts";
import { builtin } from "./builtins.ts";
import { callDefinition } from "./call-definition.ts";
import { callFunctionNode } from "./closures.ts";
import { collectionMethod } from "./collections.ts";
import { construct, madeOfUnknown } from "./construct.ts";
import { appendReason, dictionaryMethod } from "./dictionaries.ts";
import { differenceOf } from "./excluded.ts";
import { evaluate, type How } from "./expressions.ts";
import { externalCall } from "./externals.ts";
import { superOfForm } from "./form-saves.ts";
import { frameworkMethod } from "./framework-methods.ts";
import { noteHeldLock } from "./held-locks.ts";
import { isQueryMethod, queryMethod } from "./queries.ts";
import { rowMethod } from "./row-methods.ts";
import type { Run } from "./run.ts";
import { emitPerhapsFirst } from "./saves.ts";
import { sendSignal } from "./signals.ts";
import { isTakenAbove, walk } from "./steps-left.ts";
import { modelGivenBy } from "./types.ts";
import { GIVEN_QUERY, NONE, type Value } from "./values.ts";

export function call(run: Run, expression: Expression & { readonly kind: "call" }, how: How): Value {
  const { callee } = expression;
  if (callee.kind === "call" && textOf(callee) === "super") return run.unknown();
  if (callee.kind === "name") {
    const special = builtin(run, callee.id, expression);
    if (special) return special;
  }
  if (callee.kind === "attribute" && isSuper(callee.object))
    return callSuper(run, callee.name, expression, how);
  if (run.stepLeft && isStep(run, callee)) {
    const { positional, named } = evaluateArguments(run, expression.args);
    const self = run.env.get("self") ?? run.env.get("cls");
    return walk(run, run.stepLeft.step, self, positional, named);
  }
  const within = wrapped(callee);
  if (within) return call(run, { ...expression, callee: within }, how);
  const object = callee.kind === "attribute" ? evaluate(run, callee.object) : undefined;
  if (object && callee.kind === "attribute") return callMethod(run, object, callee, expression, how);
  const target = evaluate(run, callee);
  return callValue(run, target, evaluateArguments(run, expression.args), expression, how, textOf(callee));
}

/** `self.clean_instance(…)`, where that is the step which is to be looked at. */
function isStep({ stepLeft, fn }: Run, callee: Expression): boolean {
  return (
    callee.kind === "attribute" &&
    callee.name === stepLeft?.step.name &&
    fn !== stepLeft.step &&
    callee.object.kind === "name" &&
    /^(self|cls)$/.test(callee.object.id)
  );
}

/** `async_to_sync(layer.group_send)(group, message)`: what is called is what was given to asgiref. */
function wrapped(callee: Expression): Expression | undefined {
  if (callee.kind !== "call" || callee.args.length !== 1) return undefined;
  const [given] = callee.args;
  const isIt = /(^|\.)async_to_sync$/.test(textOf(callee.callee)) && given?.value.kind === "attribute";
  return isIt && !given.name && !given.spread ? given.value : undefined;
}

const ROTATION = ["SIMPLE_JWT", "BLACKLIST_AFTER_ROTATION"] as const;

/** `TokenRefreshSerializer(…).validate(…)`. */
function rotatesToken({ object, name }: Expression & { readonly kind: "attribute" }): boolean {
  return object.kind === "call" && ROTATES_TOKEN.test(textOf(object.callee)) && VALIDATES.test(name);
}

const VALIDATES = /^(validate|is_valid|run_validation)$/;

function isSuper(object: Expression): boolean {
  return object.kind === "call" && object.callee.kind === "name" && object.callee.id === "super";
}

function callMethod(
  run: Run,
  object: Value,
  callee: Expression & { readonly kind: "attribute" },
  expression: Expression & { readonly kind: "call" },
  how: How,
): Value {
  const { name } = callee;
  const given = evaluateArguments(run, expression.args);
  if (sendSignal(run, expression, given)) return run.unknown();
  noteHeldLock(run, textOf(callee), given, expression);
  if (ISSUES_TOKEN.test(name)) run.emit("mint", expression, { name });
  if (rotatesToken(callee) && isSwitchedOn(run.program.settings, ROTATION)) {
    run.emit("spend", expression, { name });
    run.emit("mint", expression, { name });
  }
  if (RETIRES_TOKEN.test(name) && !(name === "invalidate" && INVALIDATES_CACHE.test(textOf(callee))))
    run.emit("spend", expression, { name }).tested = how.discarded !== true;
  if (object.kind === "query") return queryMethod(run, object, name, given, expression, how);
  const filled = dictionaryMethod(run, callee, object, given);
  if (filled) return filled;
  if (appendReason(run, callee, object, given)) return run.scalar(NONE, { literal: null });
  const left = name === "difference" ? differenceOf(run, object, given, callee) : undefined;
  if (left) return left;
  if (object.kind === "row") {
    // A parameter that is asked to `filter` is a queryset, whatever it is called.
    if (isQueryLike(object, name)) {
      const query = queryOf(run, undefined, { owner: { row: object, name: GIVEN_QUERY } });
      return queryMethod(run, query, name, given, expression, how);
    }
    // `order.lines.filter(…)`, `self.tokens.count()`: what has such a method is a manager of related rows.
    if (object.parent && isManagerLike(object, name, given) && isQueryMethod(name))
      return queryMethod(
        run,
        queryOf(run, undefined, { owner: object.parent }),
        name,
        given,
        expression,
        how,
      );
    return rowMethod(run, object, name, given, expression, how, callee);
  }
  if (object.kind === "tuple") {
    const known = collectionMethod(run, object, name, given.positional);
    if (known) return known;
  }
  const target = attributeOf(run, object, name, callee);
  if (target.kind === "query") return target;
  return callValue(run, target, given, expression, how, textOf(callee));
}

const NEEDS_MANAGER = new Set([
  "filter",
  "exclude",
  "select_for_update",
  "exists",
  "get_or_create",
  "update_or_create",
  "bulk_create",
  "all",
  "order_by",
  "select_related",
  "count",
  "first",
  "last",
  "create",
  "annotate",
  "values_list",
  "aggregate",
  "earliest",
  "latest",
]);

function isQueryLike(object: Value & { readonly kind: "row" }, name: string): boolean {
  if (object.model || object.cls || object.parent) return false;
  return /^(filter|exclude|select_for_update|get_or_create|update_or_create|bulk_create|order_by|select_related|prefetch_related|annotate)$/.test(
    name,
  );
}

function isManagerLike(object: Value & { readonly kind: "row" }, name: string, given: Given): boolean {
  if (object.model || object.cls || object.origin !== "related") return false;
  // `d.get(key)` is a dictionary's, `order.lines.get(pk=1)` a manager's.
  return NEEDS_MANAGER.has(name) || (name === "get" && given.named.size > 0 && given.positional.length === 0);
}

export function callValue(run: Run, target: Value, given: Given, span: Span, how: How, text: string): Value {
  switch (target.kind) {
    case "function": {
      const model =
        given.values.length === 0 ? modelGivenBy(run, target.dotted.split(".").at(-1) as string) : undefined;
      if (model) return model;
      if (target.closure) return callFunctionNode(run, target.closure, given.positional, span);
      if (target.fn)
        return callDefinition(run, target.fn, target.self, given.positional, span, {
          named: given.named,
          ...how,
        });
      if (target.self?.kind === "query" && isQueryMethod(target.dotted))
        return queryMethod(run, target.self, target.dotted, given, span, how);
      return externalCall(run, target.dotted || text, target.self, given, span, how);
    }
    case "class":
      return construct(run, target, given, span, how);
    case "module":
      return externalCall(run, target.dotted, undefined, given, span, how);
    case "row":
      // `sync_to_async(wallet.save)()`.
      if (target.parent && /^(save|delete|refresh_from_db)$/.test(target.parent.name))
        return rowMethod(run, target.parent.row, target.parent.name, given, span, how, {
          kind: "name",
          id: `${target.parent.row.key}.${target.parent.name}`,
          ...span,
        });
      return madeOfUnknown(run, text, given, span) ?? externalCall(run, text, undefined, given, span, how);
    default:
      return externalCall(run, text, undefined, given, span, how);
  }
}

/** What DRF's own methods do is to save the serializer that they are given. */
const PERFORMS_SAVE = /^perform_(create|update)$/;

/** `super().save()`: the nearest definition above; beyond the project, what Django does. */
function callSuper(
  run: Run,
  name: string,
  expression: Expression & { readonly kind: "call" },
  how: How,
): Value {
  const given = evaluateArguments(run, expression.args);
  const { owner } = run.fn;
  const self = run.env.get("self") ?? run.env.get("cls");
  if (owner) {
    const above = run.program.project.methodAbove(owner, name);
    if (above && isTakenAbove(run, above)) return walk(run, above, self, given.positional, given.named);
    if (above)
      return callDefinition(run, above, self, given.positional, expression, { named: given.named, ...how });
  }
  if (self?.kind === "query" && isQueryMethod(name))
    return queryMethod(run, self, name, given, expression, how);
  const isForm = owner !== undefined && formKind(run.program.project, owner) !== undefined;
  const made = self?.kind === "row" && isForm && superOfForm(run, self, name, given, expression);
  if (made) return made;
  // A form's `clean()` gives what was validated.
  if (self?.kind === "row" && isForm && name === "clean")
    return attributeOf(run, self, "cleaned_data", expression);
  if (self?.kind === "row" && name === "save") emitPerhapsFirst(run, self, expression);
  if (
    self?.kind === "row" &&
    (self.model || isForm || IS_FORM.test(owner?.name ?? "") || IS_SERIALIZER.test(owner?.name ?? ""))
  )
    return rowMethod(run, self, name, given, expression, how, expression.callee);
  // `def apply_async(self, …): …; return super().apply_async(…)` of a task.
  if (EXTERNAL_METHOD.has(name)) {
    run.emit("external", expression, { name: `super.${name}`, deps: depsOfAll(given) });
    return run.unknown(depsOfAll(given));
  }
  const [first] = expression.args;
  if (PERFORMS_SAVE.test(name) && given.positional[0]?.kind === "row" && first?.value.kind === "name") {
    const callee = { ...first.value, kind: "attribute", object: first.value, name: "save" } as const;
    call(run, { ...expression, callee, args: [] }, { discarded: true });
    return run.unknown();
  }
  const changedByAdmin = superOfAdmin(run, name, given, expression);
  if (changedByAdmin) return changedByAdmin;
  // A hook of a framework that is called with the row (`super().pre_save(obj)`) goes on to save it.
  const changed = given.positional.find(
    (one) => one.kind === "row" && one.assigned.length > 0 && !IS_FORM.test(one.parameter ?? ""),
  );
  if (changed?.kind === "row" && /(^|_)(save|create|update)(_|$)/.test(name))
    return rowMethod(
      run,
      changed,
      "save",
      { expressions: [], values: [], positional: [], named: new Map() },
      expression,
      how,
      expression.callee,
    );
  return frameworkMethod(run, self, name, given, expression) ?? run.unknown(depsOfAll(given));
}

/**
 * A method known by its name alone, where exactly one class of the project has it; of a row, one model (an API client
 * may have a class with the same methods).
 */
export function onlyMethod(run: Run, name: string, ofRow = false) {
  if (COMMON_METHODS.has(name) || name.startsWith("__")) return undefined;
  const { project, models } = run.program;
  const found = project.methodsNamed(name);
  if (found.length < 2 || !ofRow) return found.length === 1 ? found[0] : undefined;
  const ofModels = found.filter((one) => one.owner && models.isPart(one.owner));
  return ofModels.length === 1 ? ofModels[0] : undefined;
}

export function isDatabaseExpression(dotted: string): boolean {
  return DATABASE_EXPRESSION.has(dotted.split(".").at(-1) as string);
}
