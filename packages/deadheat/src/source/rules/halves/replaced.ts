import type { Effect } from "../../effects/effect.ts";
import { keyOf } from "../../effects/scalars.ts";
import { columnOf } from "../../effects/values.ts";
import type { Models } from "../../project/models.ts";
import { sameTable } from "../creation.ts";
import { type Belonging, rowKey } from "./halves.ts";

/**
 * `order.lines.all().delete()`, then `Line.objects.create(order=order, …)` for each that is there now: who looks in
 * between finds none, and where what is new is refused, what was there is gone.
 */
export function replacedIn(models: Models): Belonging {
  return ({ first, second }) => {
    // Who finds nothing in a cache looks elsewhere.
    if (/cache/i.test(second.model?.name ?? "")) return undefined;
    if (first.kind !== "delete" || second.kind !== "create" || !isTheirs(models, first, second))
      return undefined;
    return "rows are deleted, then others made in their place, in no transaction";
  };
}

/** All that was deleted had what those that are made are given. (`filter(user=user, expired=True)` clears away.) */
function isTheirs(models: Models, gone: Effect, made: Effect): boolean {
  const query = gone.row?.fetch?.query ?? gone.query;
  if (!query || !sameTable(gone.row?.fetch ?? gone, made, false)) return false;
  const { owner } = query;
  if (query.filters.every((one) => one.exclude) && !owner) return false;
  if (owner && !isGivenOwner(models, owner, made)) return false;
  return query.filters.every(({ lookup, value, exclude }) => {
    if (exclude) return isLeftOut(lookup, made);
    const given = [...(made.fields ?? [])].find(([name]) => columnOf(name) === columnOf(lookup));
    if (given) return keyOf(given[1].value) === keyOf(value);
    // Of many rows at once, only the columns are known: `tax=None` says that they are others.
    return (
      made.name === "bulk_create" &&
      value.kind === "row" &&
      made.lookups?.some((one) => columnOf(one) === columnOf(lookup)) === true
    );
  });
}

/** `exclude(room__in=rooms).delete()`, then one for each room: what is not wanted any more, and what is. */
function isLeftOut(lookup: string, { lookups }: Effect): boolean {
  const column = /^(\w+)__in$/.exec(lookup)?.[1];
  return column !== undefined && lookups?.some((one) => columnOf(one) === columnOf(column)) === true;
}

function isGivenOwner(
  models: Models,
  { row, name }: NonNullable<NonNullable<Effect["query"]>["owner"]>,
  { query, fields, lookups, site, name: by }: Effect,
): boolean {
  if (query?.owner) return query.owner.name === name && rowKey(query.owner.row.key) === rowKey(row.key);
  const values = [...(fields?.values() ?? [])].map((one) => one.value);
  if (values.some((one) => one.kind === "row" && rowKey(one.key) === rowKey(row.key))) return true;
  const field = row.model && models.reverse(row.model, name)?.field;
  // Of what table it is, nobody sees; that it is given to those that are made, the text says.
  if (!row.model && row.parameter && by === "bulk_create")
    return new RegExp(`\\w=${row.parameter}\\b`).test(site.fn.text());
  return (
    by === "bulk_create" && field !== undefined && lookups?.some((one) => columnOf(one) === field) === true
  );
}
