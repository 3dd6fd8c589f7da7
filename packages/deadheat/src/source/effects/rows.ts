import type { Expression, Span } from "../parse/syntax.ts";
import { sameModel } from "../project/model.ts";
import { identityDeps } from "./dependencies.ts";
import { compatible, type Effect } from "./effect.ts";
import { evaluate } from "./expressions.ts";
import type { Run } from "./run.ts";
import { keyOf } from "./scalars.ts";
import {
  columnOf,
  type Deps,
  fetchedBy,
  keyOfMember,
  NONE,
  type Query,
  type Row,
  SLICE,
  union,
  type Value,
} from "./values.ts";

/** The value is looked at: a queryset is now read. Gives what the outcome depends on. */
export function look(run: Run, value: Value, span: Span): Deps {
  if (value.kind !== "query") return NONE;
  const effect = run.emit("list", span, {
    query: value,
    ...keyOfLocked(run, value),
    ...modelOf(value),
    deps: value.deps,
  });
  return [{ kind: "query", effect }];
}

/** A read that brings no row may lock one: `filter(pk=user.pk).select_for_update().exists()`. */
export function keyOfLocked(run: Run, query: Query): Pick<Effect, "key"> {
  return query.locked ? { key: keyOfQuery(run, query) } : {};
}

export function modelOf(query: Query): Pick<Effect, "model"> {
  return query.model ? { model: query.model } : {};
}

/** The row that a loop over `value` gets. */
export function iterate(run: Run, value: Value, span: Span): Value {
  if (value.kind === "query") {
    const element = elementOf(run, value, span, "list");
    run.elements.set(value.id, element);
    return element;
  }
  if (value.kind === "tuple" && value.many && value.items[0]) return value.items[0];
  if (value.kind === "tuple" && value.items.length > 0)
    return value.items.length === 1 ? value.items[0]! : run.unknown(value.deps);
  if (value.kind === "row") {
    const key = `${value.key}[*]`;
    const known = run.attribute(value, "[*]");
    if (known) return known;
    const element = run.row("element", key, {
      parent: { row: value, name: "[*]" },
      deps: union(value.deps, identityDeps(value)),
    });
    if (value.fetch) element.fetch = value.fetch;
    run.setAttribute(value, "[*]", element);
    return element;
  }
  return run.unknown(value.deps);
}

/** `rows[:10]`: a queryset of its own. */
export function sliceOf(run: Run, query: Query): Query {
  return { ...query, id: run.program.fresh(), opaque: true };
}

/** The rows of a queryset that was read before are what it holds: `for row in rows: …`, then `bulk_update(rows, …)`. */
export function heldIn(run: Run, value: Value, span: Span): Value {
  if (value.kind === "query") {
    const known = run.elements.get(value.id);
    if (known?.fetch && compatible(known.fetch.steps, run.steps)) return known;
    return value;
  }
  // A list that was given: which rows are in it, its giver knows.
  const isGiven = value.kind === "row" && value.origin === "parameter" && !value.model && !value.fetch;
  return isGiven ? iterate(run, value, span) : value;
}

/** Reads a row of a queryset. */
export function elementOf(run: Run, query: Query, span: Span, kind: "fetch" | "list", name = ""): Row {
  const effect = run.emit(kind, span, { query, ...modelOf(query), deps: query.deps, name });
  const row = run.row(kind === "list" ? "element" : "query", keyOfQuery(run, query), {
    model: query.model,
    cls: query.model?.definition,
    deps: NONE,
  });
  fetchedBy(row, effect);
  const same = query.filters.find((one) => one.value.kind === "row" && one.value.parent?.row.key === row.key);
  if (same?.value.kind === "row" && same.value.parent) row.alias = same.value.parent.row;
  return row;
}

/**
 * Which row a queryset of one row means. `filter(pk=order.pk)` is the row of `order`; the same lookups with the
 * same values are the same row; anything else is a row of its own.
 */
export function keyOfQuery(run: Run, query: Query): string {
  const lookups = query.filters.filter((one) => !one.exclude);
  for (const { lookup, value } of lookups) {
    const column = columnOf(lookup.replace(/__(exact|in)$/, ""));
    const key = keyOf(value);
    if (/^(pk|id)$/.test(column) && key.endsWith(".pk")) return key.slice(0, -3);
    // A primary key says it all, whatever else is asked for beside it.
    if (/^(pk|id)(__exact)?$/.test(lookup) && !key.endsWith("_id") && query.model)
      return `${query.model.name}[pk=${key}]`;
    // `get(code=check.code)`: a row is found by a value of its own.
    // (`filter(user=request.user)` is no row of the request's.)
    if (
      value.kind === "row" &&
      value.origin !== "principal" &&
      value.parent &&
      columnOf(value.parent.name) === column
    ) {
      const { model, cls, key: own } = value.parent.row;
      // (`get(uplink=self.uplink)` in an object that is no row finds a row of that name, and not the object.)
      const isSame = model ? !query.model || model === query.model : !cls;
      if (isSame && !isExcluded(query, own)) return own;
    }
    // `get(pk=order.account_id)` is `order.account`.
    if (/^(pk|id)$/.test(column) && key.endsWith("_id")) return key.slice(0, -3);
  }
  const single = lookups.map((one) => keyOfSingle(run, query, one)).find((one) => one !== undefined);
  if (single !== undefined) return single;
  if (query.opaque || lookups.length === 0) return `#${run.program.fresh()}`;
  const text = lookups
    .map((one) => `${one.lookup.replace(/^id$/, "pk")}=${keyOf(one.value)}`)
    .sort()
    .join("&");
  return `${query.owner?.row.key ?? query.model?.name ?? "?"}[${text}]`;
}

/** `filter(owner=row.owner).exclude(pk=row.pk)`: all of them but that one. */
function isExcluded({ filters }: Query, key: string): boolean {
  return filters.some(
    ({ lookup, value, exclude }) =>
      exclude && /^(pk|id)(__exact)?$/.test(lookup) && [key, `${key}.pk`].includes(keyOf(value)),
  );
}

/** `Purse.objects.get(owner=user)` is `user.purse`: one to one. */
function keyOfSingle(
  { program: { models } }: Run,
  { model, owner }: Query,
  { lookup, value }: Query["filters"][number],
): string | undefined {
  if (!model || owner || value.kind !== "row" || !value.model) return undefined;
  const field = models.fields(model).get(lookup);
  if (field?.type !== "OneToOneField" || !sameModel(field.target, value.model)) return undefined;
  const name = field.relatedName ?? model.name.toLowerCase();
  return models.reverse(value.model, name)?.field === lookup ? keyOfMember(value, name) : undefined;
}

/** `row.data["k"] = v`, `row.tags.append(v)`, `del row.data["k"]`: the column is changed where it is. */
export function mutateInPlace(run: Run, target: Expression, deps: Deps, span: Span): void {
  const value = evaluate(run, target);
  mutateValue(run, value, deps, span);
}

export function mutateValue(run: Run, value: Value, deps: Deps, span: Span): void {
  const holder = holderOf(value);
  if (!holder) return;
  const { row, name } = holder;
  const before = run.assignedTo(row, name);
  // `if not row.data: row.data = {}`: else it is what was read.
  const given = row.assigned.filter((one) => one.name === name && !one.inPlace).map((one) => one.steps);
  const isReplaced = before && !before.inPlace && isOnEveryWay(given, run.steps);
  const old: Deps = isReplaced ? before.deps : union(value.deps, before?.deps ?? NONE);
  run.assign(row, name, run.scalar(union(old, deps)), span, true);
}

/** `if full: row.data = all_of(x) else: row.data = {}`: whichever way was taken here, one of these was on it. */
function isOnEveryWay(given: readonly Run["steps"][], way: Run["steps"]): boolean {
  const left = given.filter((steps) => compatible(steps, way));
  const further = left.map((steps) => steps.filter((step) => !way.some((own) => own.branch === step.branch)));
  if (further.some((steps) => steps.length === 0)) return true;
  const [fork] = further[0] ?? [];
  return (
    fork !== undefined && [0, 1].every((arm) => isOnEveryWay(left, [...way, { branch: fork.branch, arm }]))
  );
}

const HOLDS_MORE = /JSON|HStore|Array|Pickle|Map/i;

/** A part of a column that holds lists or dictionaries: what is changed in it is changed in the column. */
export function isInColumn({ program: { models } }: Run, value: Row): boolean {
  const holder = value.model || value.cls ? undefined : holderOf(value);
  const field = holder?.row.model && models.fields(holder.row.model).get(holder.name);
  return field !== undefined && HOLDS_MORE.test(field.type);
}

/** `row.data[key]`, `row.data.get(key)`; `text`: how the key is written. */
export function partOfColumn(run: Run, object: Row, text: string, deps: Deps): Row {
  const name = `[${text}]`;
  return run.row("related", `${object.key}${name}#${run.program.fresh()}`, {
    parent: { row: object, name },
    deps,
  });
}

/** The row and column that a value is part of: `row.data["a"]["b"]` is in `row.data`. */
function holderOf(value: Value): { readonly row: Row; readonly name: string } | undefined {
  if (value.kind !== "row" || !value.parent) return undefined;
  // A slice is a copy.
  if (value.parent.name === SLICE) return undefined;
  if (value.parent.name.startsWith("[")) return holderOf(value.parent.row);
  return value.parent;
}
