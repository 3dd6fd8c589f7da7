import { CHAINS, READS_LOCKED, RELATION_WRITES, TERMINALS } from "../facts/names.ts";
import type { Argument, Expression, Span } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import type { Given } from "./arguments.ts";
import { attributeOf } from "./attributes.ts";
import { callValue } from "./calls.ts";
import { changedMembers, collectionOf } from "./collections.ts";
import { lookupsOf } from "./conditions.ts";
import { isFilled } from "./construct.ts";
import { defaultsOf } from "./defaults.ts";
import { fieldAtom, identityDeps } from "./dependencies.ts";
import type { How } from "./expressions.ts";
import { callDefinition } from "./instantiate.ts";
import { elementOf, heldIn, keyOfLocked, keyOfQuery, modelOf } from "./rows.ts";
import type { Run } from "./run.ts";
import { columnsIn, keepAssigned } from "./saved-columns.ts";
import { sendOnSave } from "./sent-on-save.ts";
import { askConstraints } from "./unique-validators.ts";
import {
  type Assigned,
  type Atom,
  type Deps,
  fetchedBy,
  NONE,
  type Query,
  type Row,
  union,
  type Value,
} from "./values.ts";

/** `await qs.aget()` does what `qs.get()` does. */
export function withoutAsync(name: string): string {
  return name.startsWith("a") &&
    (TERMINALS.has(name.slice(1)) || /^(save|refresh_from_db|iterator)$/.test(name.slice(1)))
    ? name.slice(1)
    : name;
}

export function isQueryMethod(name: string): boolean {
  return CHAINS.has(name) || TERMINALS.has(withoutAsync(name)) || RELATION_WRITES.has(name);
}

export function queryMethod(
  run: Run,
  query: Query,
  called: string,
  given: Given,
  span: Span,
  how: How,
): Value {
  const name = withoutAsync(called);
  if (CHAINS.has(name)) return chain(run, query, name, given, span);
  switch (name) {
    case "get":
    case "first":
    case "last":
    case "latest":
    case "earliest":
      return oneOf(run, name === "get" ? filtered(run, query, given, false) : query, span, name);
    case "exists":
    case "contains":
      return counted(run, query, "exists", span);
    case "count":
      return counted(run, query, "count", span);
    case "aggregate":
      return counted(run, query, "aggregate", span);
    case "in_bulk": {
      const row = elementOf(run, query, span, "list", name);
      return collectionOf(row, identityDeps(row));
    }
    case "update":
      return update(run, query, given, span, how);
    case "delete":
    case "_raw_delete": {
      const effect = run.emit("delete", span, { query, ...modelOf(query), deps: query.deps, name });
      effect.tested = how.discarded !== true;
      return run.scalar([{ kind: "query", effect }]);
    }
    case "create":
    case "create_user":
    case "create_superuser":
    case "bulk_create":
      return created(run, query, given, span, name);
    case "bulk_update":
      return bulkUpdate(run, query, given, span);
    case "get_or_create":
    case "update_or_create":
      return getOrCreate(run, query, given, span, name, how);
    case "add":
    case "remove":
    case "set":
    case "clear":
      run.emit(name === "add" || name === "set" ? "create" : "delete", span, {
        query,
        ...modelOf(query),
        deps: union(...given.values.map((one) => one.deps)),
        name: `relation.${name}`,
      });
      return run.unknown();
    // A manager makes a row of its own table: `self.model(email=email)`.
    case "model":
      return callValue(run, attributeOf(run, query, name, span), given, span, how, name);
    default:
      return custom(run, query, called, given, span, how);
  }
}

function oneOf(run: Run, query: Query, span: Span, name: string): Value {
  const row = elementOf(run, query, span, "fetch", name);
  return query.flat === undefined ? row : attributeOf(run, row, query.flat, span);
}

function chain(run: Run, query: Query, name: string, given: Given, span: Span): Query {
  switch (name) {
    case "filter":
      return filtered(run, query, given, false);
    case "exclude":
      return filtered(run, query, given, true);
    case "select_for_update":
      return {
        ...query,
        id: run.program.fresh(),
        locked: true,
        lockSite: run.site(span),
        ...(given.named.has("of") ? { lockedOf: namesIn(given.named.get("of")) } : {}),
      };
    case "select_related":
      return {
        ...query,
        id: run.program.fresh(),
        joined: [...(query.joined ?? []), ...given.positional.flatMap(namesIn)],
      };
    case "values":
    case "values_list": {
      const [only] = given.positional;
      const flat = given.named.has("flat") && only?.kind === "scalar" ? only.literal : undefined;
      return {
        ...query,
        id: run.program.fresh(),
        plain: true,
        ...(typeof flat === "string" ? { flat } : {}),
      };
    }
    case "annotate":
    case "union":
    case "intersection":
    case "difference":
    case "extra":
    case "raw":
      return {
        ...query,
        id: run.program.fresh(),
        opaque: query.opaque || name !== "annotate",
        deps: union(query.deps, ...given.values.map((one) => one.deps)),
        ...(name === "annotate" ? countedIn(query, given) : {}),
        ...(name === "raw" && isLockedBySql(given) ? { locked: true } : {}),
      };
    default:
      return { ...query, id: run.program.fresh() };
  }
}

/** `Order.objects.raw("SELECT * FROM orders WHERE id = %s FOR UPDATE", [pk])`. */
function isLockedBySql({ expressions: [sql] }: Given): boolean {
  return sql?.value.kind === "string" && /\bfor\s+(no\s+key\s+)?update\b/i.test(sql.value.value);
}

function namesIn(value: Value | undefined): readonly string[] {
  if (value?.kind === "tuple") return value.items.flatMap(namesIn);
  return value?.kind === "scalar" && typeof value.literal === "string" ? [value.literal] : [];
}

/** `annotate(booked=Count("bookings"))`: `row.booked` is how many there were. */
function countedIn(query: Query, given: Given): Pick<Query, "counts"> {
  const counts = new Map(query.counts);
  for (const { name, value } of given.expressions) {
    if (!name || value.kind !== "call" || !/(^|\.)(Count|Sum)$/.test(textOf(value.callee))) continue;
    const [over] = value.args;
    if (over?.value.kind === "string") counts.set(name, over.value.value.split("__")[0] as string);
  }
  return counts.size > 0 ? { counts } : {};
}

function filtered(run: Run, query: Query, given: Given, exclude: boolean): Query {
  const filters = [...query.filters];
  const without: Atom[] = [];
  for (const [lookup, value] of given.named) {
    filters.push({ lookup, value, exclude });
    // `exclude(pk__in=paper.assignments.values("reviewer"))`: those that have none yet.
    if (exclude && value.kind === "query" && /__in$/.test(lookup)) {
      const span = given.expressions.find((one) => one.name === lookup)?.value;
      if (span)
        without.push({
          kind: "query",
          effect: run.emit("list", span, { query: value, ...modelOf(value), deps: value.deps }),
        });
    }
  }
  for (const part of given.expressions) qFilters(run, part, given, filters, exclude);
  // Put together before, and given by its name.
  const isNamed = given.expressions.some((one) => !one.name && one.value.kind === "name");
  for (const lookup of isNamed ? given.positional.flatMap(lookupsOf) : [])
    if (!filters.some((one) => one.lookup === lookup && one.exclude === exclude))
      filters.push({ lookup, value: run.scalar(NONE), exclude });
  return {
    ...query,
    id: run.program.fresh(),
    filters,
    opaque: query.opaque || given.values.length > given.named.size,
    deps: union(query.deps, without, ...given.values.map((one) => union(one.deps, identityDeps(one)))),
  };
}

/** `Q(a=1) | Q(b=2)`: the names of the lookups, whatever joins them. */
function qFilters(
  run: Run,
  argument: Argument,
  given: Given,
  into: { lookup: string; value: Value; exclude: boolean }[],
  exclude: boolean,
): void {
  if (argument.name || argument.spread) return;
  const visit = (part: Expression): void => {
    if (part.kind === "binary") {
      visit(part.left);
      visit(part.right);
    } else if (part.kind === "call" && /(^|\.)Q$/.test(textOf(part.callee)))
      for (const one of part.args) {
        if (one.name) into.push({ lookup: one.name, value: run.scalar(NONE), exclude });
        else visit(one.value);
      }
  };
  visit(argument.value);
  void given;
}

function counted(run: Run, query: Query, kind: "exists" | "count" | "aggregate" | "list", span: Span): Value {
  // Django takes the lock off a query that it counts: `len(rows)` reads and locks them, `rows.count()` does neither.
  const isUnlocked = query.locked && (kind === "count" || kind === "aggregate");
  const asked = isUnlocked ? { ...query, locked: false } : query;
  const effect = run.emit(kind, span, {
    query: asked,
    ...keyOfLocked(run, asked),
    ...modelOf(query),
    deps: query.deps,
  });
  return run.scalar([{ kind: "query", effect }]);
}

export function assignedFrom(run: Run, given: ReadonlyMap<string, Value>, span: Span): Map<string, Assigned> {
  const fields = new Map<string, Assigned>();
  for (const [name, value] of given)
    fields.set(name, {
      name,
      value,
      deps: union(value.deps, identityDeps(value)),
      database: value.kind === "scalar" && value.database === true,
      constant: value.kind === "scalar" && value.literal !== undefined,
      inPlace: false,
      site: run.site(span),
      steps: run.steps,
      seq: run.seq,
    });
  return fields;
}

function update(run: Run, query: Query, given: Given, span: Span, how: How): Value {
  const effect = run.emit("update", span, {
    query,
    ...modelOf(query),
    key: keyOfQuery(run, query),
    fields: assignedFrom(run, withUnnamed(given), span),
    deps: union(query.deps, ...given.values.map((one) => one.deps)),
    name: "update",
  });
  effect.tested = how.discarded !== true;
  return run.scalar([{ kind: "query", effect }]);
}

/** `update(**columns)` with what callers give: which columns, they know. */
function withUnnamed({ expressions, values, named }: Given): ReadonlyMap<string, Value> {
  const at = expressions.findIndex((one) => one.spread === "**");
  const spread = values[at];
  const isGiven = spread?.kind === "row" && spread.origin === "parameter" && !spread.parent;
  return isGiven ? new Map([...named, ["*", spread]]) : named;
}

/** `def find(self, **more): more["name"] = name; self.get_or_create(**more)`: its callers may look for more than is seen. */
function isClosed(run: Run, { expressions }: Given): boolean {
  return !expressions.some(
    ({ spread, value }) => spread === "**" && value.kind === "name" && run.env.get(value.id)?.kind === "row",
  );
}

function isWrittenOut({ expressions }: Given, name: string): boolean {
  return expressions.some((one) => one.name === name);
}

function created(run: Run, asked: Query, given: Given, span: Span, name: string): Value {
  // Only the manager of users has it: `self.User.objects.create_user(…)`, whatever `self.User` is.
  const makesUser = /^create_(super)?user$/.test(name) && !asked.model?.definition;
  const query = makesUser ? { ...asked, model: run.program.models.user() } : asked;
  if (name === "create") askConstraints(run, query.model, given.named, span);
  const effect = run.emit("create", span, {
    query,
    ...modelOf(query),
    fields: assignedFrom(run, given.named, span),
    lookups:
      name === "bulk_create"
        ? columnsOfRows(given)
        : [...given.named.keys(), ...(isFilled(given) ? ["*"] : [])],
    deps: union(
      query.deps,
      ...given.values.map((one) => union(one.deps, identityDeps(one))),
      name === "bulk_create" ? copiedInto(run, given, span) : NONE,
    ),
    name,
  });
  if (given.named.has("ignore_conflicts") || given.named.has("update_conflicts"))
    Object.assign(effect, { handlers: [...effect.handlers, "IntegrityError"] });
  // In the database from now on: to save it once more makes no second one.
  const row = Object.assign(newRow(run, query, effect.seq), { saved: true });
  if (name === "create") sendOnSave(run, row, span);
  return name === "bulk_create" ? { kind: "tuple", items: [row], deps: NONE } : row;
}

/** `bulk_create([Word(text=one) for one in words])`: what each of them is given. */
function columnsOfRows(given: Given): string[] {
  return [...new Set(givenToRows(given).map((one) => one.name))];
}

function givenToRows({ positional: [rows] }: Given): readonly Assigned[] {
  const [row] = rows?.kind === "tuple" ? rows.items.filter((one) => one.kind === "row") : [];
  return row?.kind === "row" ? row.assigned : [];
}

/** `bulk_create([Word(text=word.text) for word in words])`: columns of other rows, as they are. */
function copiedInto(run: Run, given: Given, span: Span): Deps {
  return givenToRows(given).flatMap(({ value }) =>
    value.kind === "row" && value.parent
      ? [fieldAtom(value.parent.row, value.parent.name, run.site(span), run.seq)]
      : [],
  );
}

export function newRow(run: Run, query: Pick<Query, "model">, id: number): Row {
  return run.row("new", `#new${id}.${run.program.fresh()}`, {
    model: query.model,
    cls: query.model?.definition,
  });
}

export function bulkUpdate(run: Run, query: Query, given: Given, span: Span): Value {
  const objects = given.values[0] && heldIn(run, given.values[0], span);
  const changed = objects?.kind === "tuple" ? changedMembers(objects)[0] : undefined;
  const row =
    changed ?? (objects?.kind === "tuple" ? objects.items.find((one) => one.kind === "row") : objects);
  const fields = new Map<string, Assigned>();
  if (row?.kind === "row") for (const one of row.assigned) keepAssigned(fields, one);
  run.emit("save", span, {
    query,
    ...modelOf(query),
    ...(row?.kind === "row" ? { row, fields } : {}),
    columns: columnsIn(given.expressions[given.positional[1]?.kind === "class" ? 2 : 1]?.value) ?? "unknown",
    deps: union(...given.values.map((one) => one.deps)),
    name: "bulk_update",
  });
  return run.unknown();
}

function getOrCreate(run: Run, query: Query, given: Given, span: Span, name: string, how: How): Value {
  const lookups = new Map(
    [...given.named].filter(([key]) => key !== "defaults" && key !== "create_defaults"),
  );
  const narrowed: Query = {
    ...query,
    id: run.program.fresh(),
    filters: [
      ...query.filters,
      ...[...lookups].map(([lookup, value]) => ({ lookup, value, exclude: false })),
    ],
  };
  const defaults = given.named.get("defaults");
  const changes = name === "update_or_create" && defaults?.kind === "scalar" ? defaults.entries : undefined;
  const effect = run.emit("get-or-create", span, {
    query: narrowed,
    ...(changes ? { key: keyOfQuery(run, narrowed), fields: assignedFrom(run, changes, span) } : {}),
    ...modelOf(query),
    lookups: [
      ...query.filters.filter((one) => !one.exclude).map((one) => one.lookup),
      ...[...lookups.keys()].filter((one) => isClosed(run, given) || isWrittenOut(given, one)),
    ],
    ...defaultsOf(given),
    deps: union(query.deps, ...given.values.map((one) => one.deps)),
    name,
  });
  effect.tested = how.discarded !== true;
  const row = run.row(
    "query",
    `${query.model?.name ?? "?"}[${[...lookups.keys()].join()}]#${run.program.fresh()}`,
    {
      model: query.model,
      cls: query.model?.definition,
    },
  );
  fetchedBy(row, effect);
  const created = run.scalar([{ kind: "query", effect }]);
  return { kind: "tuple", items: [row, created], deps: NONE };
}

/** A method that a manager or queryset of the project adds. Out of sight, it gives a queryset of the same rows. */
function custom(run: Run, query: Query, name: string, given: Given, span: Span, how: How): Value {
  const { models, project } = run.program;
  const classes = query.model
    ? [...models.managerOf(query.model, "objects"), ...models.managerOf(query.model, "_default_manager")]
    : [];
  for (const cls of classes) {
    const method = project.method(cls, name);
    if (method) return callDefinition(run, method, query, given.values, span, { named: given.named, ...how });
  }
  const only = project
    .methodsNamed(name)
    .filter((one) => one.owner && /(Manager|QuerySet)$/.test(one.owner.name));
  if (only.length === 1)
    return callDefinition(run, only[0]!, query, given.values, span, { named: given.named, ...how });
  // `invalidated_update(seen=now)`: an update that does something beside.
  if (/_update$/.test(name) && given.named.size > 0 && given.positional.length === 0)
    return update(run, query, given, span, how);
  if (/^(get|fetch|find)_/.test(name) && !/_(all|list|many|queryset|qs)$/.test(name) && !/s$/.test(name))
    return elementOf(run, { ...query, opaque: true }, span, "fetch");
  return {
    ...query,
    id: run.program.fresh(),
    opaque: true,
    locked: query.locked || READS_LOCKED.test(name),
    deps: union(query.deps, ...given.values.map((one) => one.deps)),
  };
}
