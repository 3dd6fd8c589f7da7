import {
  COMMON_METHODS,
  DATABASE_EXPRESSION,
  IS_FORM,
  IS_SERIALIZER,
  ISSUES_TOKEN,
  RETIRES_TOKEN,
} from "../facts/names.ts";
import type { Argument, Expression, Span } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { attributeOf, queryOf } from "./attributes.ts";
import { builtin } from "./builtins.ts";
import { callFunctionNode } from "./closures.ts";
import { construct } from "./construct.ts";
import { evaluate, type How } from "./expressions.ts";
import { externalCall } from "./externals.ts";
import { callDefinition } from "./instantiate.ts";
import { isQueryMethod, queryMethod } from "./queries.ts";
import { rowMethod } from "./row-methods.ts";
import { fetchedBy, identityDeps, type Run } from "./run.ts";
import { NONE, union, type Value } from "./values.ts";

/** Arguments of a call, evaluated. */
export interface Given {
  readonly expressions: readonly Argument[];
  /** All of them, in order. */
  readonly values: readonly Value[];
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export function evaluateArguments(run: Run, args: readonly Argument[]): Given {
  const values: Value[] = [];
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  for (const argument of args) {
    const value = evaluate(run, argument.value);
    values.push(value);
    if (argument.name) named.set(argument.name, value);
    else if (argument.spread === "**") spread(argument.value, value, named);
    else if (argument.spread === "*") positional.push(...spreadItems(run, value));
    else positional.push(value);
  }
  return { expressions: args, values, positional, named };
}

/** `f(*args)`: what `args` holds is known where the function is called. */
function spreadItems(run: Run, value: Value): readonly Value[] {
  if (value.kind === "tuple") return value.items;
  if (value.kind !== "row" || value.origin !== "parameter") return [];
  const known = value.attributes.get("[0]");
  if (known) return [known];
  const first = run.row("related", `${value.key}[0]`, { parent: { row: value, name: "[0]" } });
  value.attributes.set("[0]", first);
  return [first];
}

/** `f(**{"name": value})`. */
function spread(expression: Expression, value: Value, named: Map<string, Value>): void {
  if (expression.kind !== "dictionary") return;
  for (const pair of expression.pairs) if (pair.key?.kind === "string") named.set(pair.key.value, value);
}

export function depsOfAll(given: Given): Value["deps"] {
  return union(...given.values.map((one) => union(one.deps, identityDeps(one))));
}

export function call(run: Run, expression: Expression & { readonly kind: "call" }, how: How): Value {
  const { callee } = expression;
  if (callee.kind === "call" && textOf(callee) === "super") return run.unknown();
  if (callee.kind === "name") {
    const special = builtin(run, callee.id, expression);
    if (special) return special;
  }
  if (callee.kind === "attribute" && isSuper(callee.object))
    return callSuper(run, callee.name, expression, how);
  const object = callee.kind === "attribute" ? evaluate(run, callee.object) : undefined;
  if (object && callee.kind === "attribute") return callMethod(run, object, callee, expression, how);
  const target = evaluate(run, callee);
  return callValue(run, target, evaluateArguments(run, expression.args), expression, how, textOf(callee));
}

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
  if (ISSUES_TOKEN.test(name)) run.emit("mint", expression, { name });
  if (RETIRES_TOKEN.test(name)) run.emit("spend", expression, { name }).tested = how.discarded !== true;
  if (object.kind === "query") return queryMethod(run, object, name, given, expression, how);
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

/** The name under which a queryset that was given as a parameter belongs to that parameter. */
export const GIVEN_QUERY = "[queryset]";

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
    case "function":
      if (target.closure) return callFunctionNode(run, target.closure, given.positional, span);
      if (target.fn)
        return callDefinition(run, target.fn, target.self, given.positional, span, {
          named: given.named,
          ...how,
        });
      return externalCall(run, target.dotted || text, target.self, given, span, how);
    case "class":
      return construct(run, target, given, span, how);
    case "module":
      return externalCall(run, target.dotted, undefined, given, span, how);
    default:
      return externalCall(run, text, undefined, given, span, how);
  }
}

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
    if (above)
      return callDefinition(run, above, self, given.positional, expression, { named: given.named, ...how });
  }
  if (self?.kind === "query" && isQueryMethod(name))
    return queryMethod(run, self, name, given, expression, how);
  if (
    self?.kind === "row" &&
    (self.model || IS_FORM.test(owner?.name ?? "") || IS_SERIALIZER.test(owner?.name ?? ""))
  )
    return rowMethod(run, self, name, given, expression, how, expression.callee);
  // A hook of a framework that is called with the row (`super().pre_save(obj)`) goes on to save it.
  const [first] = given.positional;
  if (first?.kind === "row" && /(^|_)(save|create|update)(_|$)/.test(name) && first.assigned.length > 0)
    return rowMethod(
      run,
      first,
      "save",
      { expressions: [], values: [], positional: [], named: new Map() },
      expression,
      how,
      expression.callee,
    );
  return frameworkMethod(run, self, name, given, expression, how) ?? run.unknown(depsOfAll(given));
}

/** Methods that Django's and DRF's classes have, called on an object of a class of the project. */
export function frameworkMethod(
  run: Run,
  self: Value | undefined,
  name: string,
  given: Given,
  span: Span,
  how: How,
): Value | undefined {
  if (self?.kind !== "row" && self?.kind !== "class") return undefined;
  const cls = self.cls;
  switch (name) {
    case "get_object": {
      const queryset = viewQuery(run, self);
      return elementWithQuery(run, queryset, span);
    }
    case "get_queryset":
      return viewQuery(run, self);
    case "get_serializer": {
      const form = run.row("new", `#serializer${run.program.fresh()}`, { deps: NONE });
      const instance = given.named.get("instance") ?? given.positional[0];
      if (instance) form.instance = instance;
      form.input = depsOfAll(given);
      const meta = cls && serializerModel(run, cls);
      return Object.assign(form, { serializer: true, ...(meta ? { target: meta } : {}) });
    }
    default:
      void how;
      return undefined;
  }
}

function elementWithQuery(run: Run, query: Value, span: Span): Value {
  if (query.kind !== "query") return run.unknown();
  const effect = run.emit("fetch", span, {
    query,
    ...(query.model ? { model: query.model } : {}),
    name: "get_object",
  });
  const row = run.row("query", `#${run.program.fresh()}`, {
    model: query.model,
    cls: query.model?.definition,
  });
  fetchedBy(row, effect);
  return row;
}

/** What a view reads from: its `get_queryset`, its `queryset`, its `model`. */
export function viewQuery(run: Run, self: Value): Value {
  if (self.kind !== "row" && self.kind !== "class") return queryOf(run, undefined, { opaque: true });
  const { cls } = self;
  if (!cls) return queryOf(run, undefined, { opaque: true });
  const { project, models } = run.program;
  const method = project.method(cls, "get_queryset");
  if (method && method !== run.fn) {
    const value = callDefinition(run, method, self, [], { start: run.fn.start, end: run.fn.start }, {});
    if (value.kind === "query") return value;
  }
  const attribute = project.attribute(cls, "queryset");
  if (attribute) {
    const text = attribute.owner.module.source.text.slice(attribute.value.start, attribute.value.end);
    const query = attributeOf(
      run,
      { kind: "class", cls, dotted: cls.name, deps: NONE },
      "queryset",
      attribute.value,
    );
    if (query.kind === "query") return { ...query, opaque: true, locked: /select_for_update/.test(text) };
  }
  const model = project.attribute(cls, "model");
  const found = model && project.resolve(model.owner.module, model.value);
  return queryOf(run, found?.kind === "class" ? models.of(found) : undefined, { opaque: true });
}

export function serializerModel(
  run: Run,
  cls: { readonly inner: Map<string, unknown> } & Parameters<Run["program"]["project"]["attribute"]>[0],
) {
  const { project, models } = run.program;
  const attribute = project.attribute(cls, "serializer_class");
  const serializer = attribute ? project.resolve(attribute.owner.module, attribute.value) : { ...cls };
  if (serializer?.kind !== "class") return undefined;
  for (const one of project.lineage(serializer).classes) {
    const given = one.inner.get("Meta")?.attributes.get("model");
    const found = given && project.resolve(one.module, given);
    if (found?.kind === "class") return models.of(found);
    if (given) return models.named(textOf(given).split(".").at(-1) as string);
  }
  return undefined;
}

/** A method known by its name alone, where exactly one class of the project has it. */
export function onlyMethod(run: Run, name: string) {
  if (COMMON_METHODS.has(name) || name.startsWith("__")) return undefined;
  const found = run.program.project.methodsNamed(name);
  return found.length === 1 ? found[0] : undefined;
}

export function isDatabaseExpression(dotted: string): boolean {
  return DATABASE_EXPRESSION.has(dotted.split(".").at(-1) as string);
}
