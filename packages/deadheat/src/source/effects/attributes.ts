import { CHAINS, MANAGER, TERMINALS } from "../facts/names.ts";
import type { Span } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { annotated } from "./annotated.ts";
import { mergeValues } from "./branches.ts";
import { callDefinition } from "./call-definition.ts";
import { fieldAtom } from "./dependencies.ts";
import { compatible } from "./effect.ts";
import type { Run } from "./run.ts";
import { classOfOwn, typeOfOwn } from "./set-up.ts";
import { externalValue, valueOfDefinition } from "./types.ts";
import { columnOf, keyOfMember, NONE, type Query, type Row, union, type Value } from "./values.ts";

/** `object.name`, read. */
export function attributeOf(run: Run, object: Value, name: string, span: Span): Value {
  switch (object.kind) {
    case "row":
      return rowAttribute(run, object, name, span);
    case "query":
      return queryAttribute(run, object, name);
    case "class":
      return classAttribute(run, object, name);
    case "module":
      return moduleMember(run, object, name);
    case "function":
      return { kind: "function", dotted: `${object.dotted}.${name}`, self: object, deps: NONE };
    default:
      return run.unknown(object.deps);
  }
}

function moduleMember(run: Run, object: Value & { readonly kind: "module" }, name: string): Value {
  if (object.module) {
    const found = run.program.project.lookup(object.module, name);
    if (found) return valueOfDefinition(run, found, name);
  }
  const dotted = `${object.dotted}.${name}`;
  const module = run.program.project.moduleNamed(dotted);
  return module ? { kind: "module", module, dotted, deps: NONE } : externalValue(run, dotted);
}

export function queryOf(run: Run, model: Query["model"], more: Partial<Query> = {}): Query {
  return {
    kind: "query",
    id: run.program.fresh(),
    ...(model ? { model } : {}),
    filters: [],
    locked: false,
    opaque: false,
    deps: NONE,
    ...more,
  };
}

function classAttribute(run: Run, object: Value & { readonly kind: "class" }, name: string): Value {
  const { project, models } = run.program;
  if (MANAGER.test(name) && (object.model || !object.cls))
    return queryOf(run, object.model ?? models.named(last(object.dotted)));
  if (object.cls) {
    const method = project.method(object.cls, name);
    if (method) return { kind: "function", fn: method, self: object, dotted: method.qualified, deps: NONE };
    const found = project.attribute(object.cls, name);
    if (found && object.model && /(Manager|QuerySet)/.test(textOf(found.value)))
      return queryOf(run, object.model);
    if (found) {
      const definition = project.resolve(found.owner.module, found.value);
      if (definition) return valueOfDefinition(run, definition, name);
      if (isQueryset(found.value)) return classQuery(run, found.value, found.owner.module) ?? run.unknown();
    }
    // `cls._meta.model`: what `class Meta` names, of this class or of those below it.
    if (name === "_meta" && !object.model) return metaOf(run, object.cls) ?? run.unknown();
    const inner = object.cls.inner.get(name);
    if (inner) return { kind: "class", cls: inner, dotted: `${object.dotted}.${name}`, deps: NONE };
  }
  if (name === "__class__" || name === "model") return object;
  return { kind: "function", dotted: `${object.dotted}.${name}`, self: object, deps: NONE };
}

function metaOf({ program: { project } }: Run, cls: ClassDefinition): Value | undefined {
  for (const one of project.lineage(cls).classes) {
    const meta = one.inner.get("Meta");
    if (meta?.attributes.has("model"))
      return { kind: "class", cls: meta, dotted: `${one.name}.Meta`, deps: NONE };
  }
  return undefined;
}

/** `Order.objects`, `Order.open.select_related("user")`: a manager by its name, or what one is asked for. */
function isQueryset(value: Parameters<typeof textOf>[0]): boolean {
  const path = textOf(value).split(".").slice(1);
  return path.some((part) => MANAGER.test(part)) || (value.kind === "call" && CHAINS.has(path.at(-1) ?? ""));
}

/** `queryset = Order.objects.filter(…)` in the body of a class. */
function classQuery(
  run: Run,
  value: Parameters<typeof textOf>[0],
  module: FunctionDefinition["module"],
): Query | undefined {
  const model = modelInText(run, value, module);
  return model && queryOf(run, model, { opaque: true });
}

export function modelInText(
  run: Run,
  value: Parameters<typeof textOf>[0],
  module: FunctionDefinition["module"],
): Query["model"] {
  const { project, models } = run.program;
  const path = textOf(value).split(".");
  let found = project.lookup(module, path[0] as string);
  for (const [index, part] of path.slice(1).entries()) {
    const isManager = MANAGER.test(part);
    if (found?.kind === "class" && (isManager || models.isModel(found))) return models.of(found);
    if (isManager) return models.named(path[index] as string);
    found = found && project.member(found, part);
  }
  return undefined;
}

function queryAttribute(run: Run, object: Query, name: string): Value {
  if (name === "model")
    return {
      kind: "class",
      ...(object.model ? { model: object.model } : {}),
      dotted: object.model?.name ?? "model",
      deps: NONE,
    };
  // `sync_to_async(Wallet.objects.get)`: a method handed on, not called.
  if (TERMINALS.has(name)) return { kind: "function", dotted: name, self: object, deps: object.deps };
  // `self.instance` of a manager, which keeps it: the same one in all of the method.
  const known = run.attribute(object, name);
  if (known) return known;
  const value = run.unknown(object.deps);
  if (run.env.get("self") === object) run.setAttribute(object, name, value);
  return value;
}

function last(dotted: string): string {
  return dotted.split(".").at(-1) as string;
}

/** A column, a related row, a manager of related rows, a property: what an attribute of a row may be. */
function rowAttribute(run: Run, row: Row, name: string, span: Span): Value {
  if (name === "instance" && row.instance) return row.instance;
  // `instance = instance._wrapped` of a `LazyObject`: the same row.
  if (name === "_wrapped") return row;
  // What was given to it on one arm of an earlier branch may be there, or what the row held before.
  const perhaps: Value[] = [];
  for (let at = row.assigned.length - 1; at >= 0; at--) {
    const one = row.assigned[at]!;
    if (one.name !== name || one.inPlace || !compatible(one.steps, run.steps)) continue;
    perhaps.push(one.value);
    if (one.steps.every((step) => run.steps.some((own) => own.branch === step.branch)))
      return perhaps.length === 1 ? one.value : mergeValues(run, perhaps);
  }
  if (perhaps.length > 0) {
    const own = ownAttribute(run, row, name, span);
    // Of an object that is no row, what was put there says more than that there is something.
    return mergeValues(run, row.model ? [own, ...perhaps] : [...perhaps, own]);
  }
  return ownAttribute(run, row, name, span);
}

function ownAttribute(run: Run, row: Row, name: string, span: Span): Value {
  const known = run.attribute(row, name);
  if (known) return known;
  const value = readAttribute(run, row, name, span);
  run.setAttribute(row, name, value);
  return value;
}

function readAttribute(run: Run, row: Row, name: string, span: Span): Value {
  const { models, project } = run.program;
  const given = run.inlining?.attribute(run, row, name);
  if (given) return given;
  if (name === "__class__") return classOf(row);
  if (name === "pk" || name === "id")
    return run.row("related", `${row.key}.pk`, { parent: { row, name: "pk" }, deps: row.deps });
  if (
    /^request$/.test(row.parameter ?? "") ||
    row.key.endsWith(".request") ||
    row.parent?.name === "request"
  ) {
    if (name === "user")
      return run.row("principal", "request.user", {
        model: models.user(),
        parent: { row, name },
        deps: NONE,
      });
    if (name === "auth") return run.row("principal", "request.auth", { parent: { row, name }, deps: NONE });
  }
  if (name === "_meta") return classOf(row);
  // `self._model.objects`: a class that is not known stands for a table all the same.
  if (/^(objects|_default_manager|_base_manager)$/.test(name))
    return queryOf(run, row.model ?? models.named(row.key));
  const counted = row.fetch?.query?.counts?.get(name);
  if (counted !== undefined) return countOf(run, row, counted, span);
  const atom = fieldAtom(row, name, run.site(span), run.seq);
  const deps = union([atom], row.origin === "call" ? row.deps : NONE);
  if (row.model) {
    const field = models.fields(row.model).get(columnOf(name)) ?? models.fields(row.model).get(name);
    if (field?.target && field.name === name) {
      if (field.type === "ManyToManyField")
        return queryOf(run, field.target, {
          owner: { row, name },
          opaque: true,
          ...(field.through ? { through: field.through } : {}),
        });
      return run.row("related", keyOfMember(row, name), { model: field.target, parent: { row, name }, deps });
    }
    const reverse = field ? undefined : models.reverse(row.model, name);
    if (reverse && !reverse.single) return queryOf(run, reverse.model, { owner: { row, name } });
    if (reverse)
      return run.row("related", keyOfMember(row, name), {
        model: reverse.model,
        parent: { row, name },
        deps,
      });
  }
  if (row.cls) {
    const method = project.method(row.cls, name);
    if (method && isProperty(method)) {
      const value = callDefinition(run, method, row, [], span, {});
      if (value.kind !== "scalar") return value;
      return { ...value, deps: union(value.deps, deps) };
    }
    if (method) return { kind: "function", fn: method, self: row, dotted: method.qualified, deps: NONE };
    const typed = annotated(run, row, row.cls, name, deps, span);
    if (typed) return typed;
    const attribute = project.attribute(row.cls, name);
    if (attribute && !row.model && attribute.value.start !== project.annotation(row.cls, name)?.value.start) {
      const definition = project.resolve(attribute.owner.module, attribute.value);
      if (definition && definition.kind !== "value") return valueOfDefinition(run, definition, name);
      const model = modelInText(run, attribute.value, attribute.owner.module);
      if (model) return queryOf(run, model, { opaque: true });
    }
  }
  if (/_set$/.test(name)) return queryOf(run, undefined, { owner: { row, name } });
  const own = row.origin === "self" && row.cls && !row.model ? typeOfOwn(run, row.cls, name) : undefined;
  if (own && !own.many)
    return run.row("related", keyOfMember(row, name), {
      ...(own.model ? { model: own.model, cls: own.model.definition } : { cls: own.cls }),
      parent: { row, name },
      deps,
    });
  const set = row.origin === "self" && row.cls && !row.model ? classOfOwn(run, row.cls, name) : undefined;
  if (set) return valueOfDefinition(run, set, name);
  return run.row("related", keyOfMember(row, name), { parent: { row, name }, deps });
}

/** As many as there were of a relation when the row was read. */
function countOf(run: Run, row: Row, relation: string, span: Span): Value {
  const related = attributeOf(run, row, relation, span);
  const query =
    related.kind === "query" ? related : queryOf(run, undefined, { owner: { row, name: relation } });
  const model = query.model ? { model: query.model } : {};
  const effect = run.emit("count", span, { query, ...model, deps: query.deps });
  return run.scalar([{ kind: "query", effect }]);
}

export function isProperty(fn: FunctionDefinition): boolean {
  return /^@(\w+\.)*(cached_)?property\b/m.test(
    fn.module.source.text.slice(fn.start, fn.start + 200).split("def ")[0] ?? "",
  );
}

export function classOf(row: Row): Value {
  return {
    kind: "class",
    ...(row.cls ? { cls: row.cls } : row.model?.definition ? { cls: row.model.definition } : {}),
    ...(row.model ? { model: row.model } : {}),
    dotted: row.model?.name ?? row.cls?.name ?? `type(${row.key})`,
    deps: NONE,
  };
}
