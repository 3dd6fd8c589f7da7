import type { Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { depsOfAll, type Given } from "./arguments.ts";
import { attributeOf, queryOf } from "./attributes.ts";
import { callDefinition } from "./call-definition.ts";
import { askAboutObject } from "./gatekeepers.ts";
import { isPartial, serializerOfView } from "./partial-saves.ts";
import type { Run } from "./run.ts";
import { fetchedBy, NONE, type Query, type Value } from "./values.ts";
import { viewAction } from "./view-actions.ts";

/** Methods that Django's and DRF's classes have, called on an object of a class of the project. */
export function frameworkMethod(
  run: Run,
  self: Value | undefined,
  name: string,
  given: Given,
  span: Span,
): Value | undefined {
  if (self?.kind !== "row" && self?.kind !== "class") return undefined;
  const cls = self.cls;
  switch (name) {
    case "get_object": {
      const row = elementWithQuery(run, viewQuery(run, self), span);
      askAboutObject(run, self, row);
      return row;
    }
    case "check_object_permissions": {
      const row = given.positional.at(-1);
      if (row) askAboutObject(run, self, row);
      return run.unknown();
    }
    case "get_queryset":
      return viewQuery(run, self);
    // Narrowed by what the view lists; a lock on it stays.
    case "filter_queryset": {
      const [query] = given.positional;
      return query?.kind === "query" ? { ...query, opaque: true } : undefined;
    }
    case "get_serializer": {
      const form = run.row("new", `#serializer${run.program.fresh()}`, { deps: NONE });
      const instance = given.named.get("instance") ?? given.positional[0];
      if (instance) form.instance = instance;
      form.input = depsOfAll(given);
      const meta = cls && serializerModel(run, cls);
      const some = isPartial(given) ? { partial: cls && serializerOfView(run.program.project, cls) } : {};
      return Object.assign(form, { serializer: true, ...some, ...(meta ? { target: meta } : {}) });
    }
    default:
      return viewAction(run, self, name, given, span);
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
    if (value.kind === "query") return value.locked ? lockedFor(run, value, method) : value;
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
  const name = model && textOf(model.value).split(".").at(-1);
  const known = found?.kind === "class" ? models.of(found) : name ? models.named(name) : undefined;
  return queryOf(run, known, { opaque: true });
}

/** `if self.action == "add": rows = rows.select_for_update()`: for the actions that it names. */
function lockedFor({ fn }: Run, query: Query, method: FunctionDefinition): Query {
  const own = method.text();
  const isNamed = new RegExp(`["']${fn.name}["']`).test(own);
  return isNamed || !/\.action\b/.test(own) ? query : { ...query, locked: false };
}

export function serializerModel(
  run: Pick<Run, "program">,
  cls: { readonly inner: ReadonlyMap<string, unknown> } & Parameters<
    Run["program"]["project"]["attribute"]
  >[0],
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
