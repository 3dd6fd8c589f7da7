import type { Effect } from "../../effects/effect.ts";
import { keyOf } from "../../effects/scalars.ts";
import type { Row, Value } from "../../effects/values.ts";
import type { Belonging } from "./halves.ts";
import { isSameSearch } from "./told-of.ts";

/**
 * `silence(roots)`, then `silence(those that hang on the roots)`: the same is done with both, and where the second is
 * not done any more, the roots say something else than what hangs on them.
 */
export const handedDown: Belonging = ({ first, second }) => {
  const isSame =
    first.kind === second.kind &&
    (first.kind === "save" || first.kind === "update") &&
    isSameDone(first, second) &&
    hangsOnAllOf(second, first);
  return isSame
    ? "the same is done with rows, then with those that hang on them, in no transaction"
    : undefined;
};

/** By the same statement, which two calls lead to, or the same columns get the same values. */
function isSameDone(first: Effect, second: Effect): boolean {
  if (first.site.fn === second.site.fn && first.site.start === second.site.start)
    return first.trail.some((call, depth) => call !== second.trail[depth]);
  const given = (one: Effect) =>
    [...(one.fields ?? [])]
      .map(([name, { value, constant }]) => (constant ? `${name}=${keyOf(value)}` : name))
      .join();
  return first.kind === "update" && given(first) !== "" && given(first) === given(second);
}

/** `filter(root__in=keys)`, where the keys are those of the rows of the first. */
function hangsOnAllOf(second: Effect, first: Effect): boolean {
  const [one, other] = [first.row?.fetch ?? first, second.row?.fetch ?? second];
  const filters = (other.query?.filters ?? []).filter(
    (filter) => /__in$/.test(filter.lookup) && !filter.exclude,
  );
  return filters.some(({ lookup, value }) => {
    if (/^(pk|id)__in$/.test(lookup)) return false;
    if (first.row && keysIn(value).includes(first.row.key)) return true;
    // `pks = list(roots.values_list("pk", flat=True))`: read apart from the roots themselves.
    if (first.row && rowsIn(value).some((row) => isSameSearch(row.fetch?.query, one.query))) return true;
    return (one.query?.filters ?? []).some(
      (filter) =>
        /^(pk|id)__in$/.test(filter.lookup) && !filter.exclude && keyOf(filter.value) === keyOf(value),
    );
  });
}

function keysIn(value: Value): string[] {
  return rowsIn(value).map((row) => row.key.replace(/\.(pk|id)$/, ""));
}

function rowsIn(value: Value): Row[] {
  if (value.kind === "tuple") return value.items.flatMap(rowsIn);
  return value.kind === "row" ? [value] : [];
}
