import type { Argument, Expression, Span } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import type { Given } from "./arguments.ts";
import { lookupsOf } from "./conditions.ts";
import { identityDeps } from "./dependencies.ts";
import { modelOf } from "./rows.ts";
import type { Run } from "./run.ts";
import { type Atom, NONE, type Query, union, type Value } from "./values.ts";

/** A step that says more of what will be read: nothing is read yet. */
export function chain(run: Run, query: Query, name: string, given: Given, span: Span): Query {
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

export function filtered(run: Run, query: Query, given: Given, exclude: boolean): Query {
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
  const isNamed = given.expressions.some((one) => !one.name && /^(name|binary)$/.test(one.value.kind));
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
