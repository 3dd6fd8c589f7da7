import type { Span } from "../parse/syntax.ts";
import type { Given } from "./arguments.ts";
import { changedMembers } from "./collections.ts";
import { isFilled } from "./construct.ts";
import { defaultsOf } from "./defaults.ts";
import { fieldAtom, identityDeps } from "./dependencies.ts";
import type { How } from "./expressions.ts";
import { heldIn, keyOfQuery, modelOf } from "./rows.ts";
import type { Run } from "./run.ts";
import { assignedFrom, columnsIn, keepAssigned } from "./saved-columns.ts";
import { sendOnSave } from "./sent-on-save.ts";
import { askConstraints } from "./unique-validators.ts";
import {
  type Assigned,
  type Deps,
  fetchedBy,
  NONE,
  type Query,
  type Row,
  union,
  type Value,
} from "./values.ts";

export function update(run: Run, query: Query, given: Given, span: Span, how: How): Value {
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

export function created(run: Run, asked: Query, given: Given, span: Span, name: string): Value {
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

function newRow(run: Run, query: Pick<Query, "model">, id: number): Row {
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

export function getOrCreate(run: Run, query: Query, given: Given, span: Span, name: string, how: How): Value {
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
