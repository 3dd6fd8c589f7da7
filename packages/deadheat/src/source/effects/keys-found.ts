import { type Deps, NONE, type Row, type Value } from "./values.ts";

/**
 * `key = None`, then `key = Tag.objects.get(name=name).pk` where there is one: whether `key` is `None` says whether the
 * search has found something.
 */
export function keysLookedFor(values: readonly Value[]): Deps {
  if (!values.some(isOfFound)) return NONE;
  const found = values.filter(isOfFound);
  const other = values.find((one) => !isOfFound(one));
  if (!other) return NONE;
  const isEmpty = other.kind === "scalar" && other.literal === null;
  // (A column may be empty itself: only beside a plain `None` does it stand for its row.)
  return found.flatMap(({ parent }) => {
    const effect = parent?.row.fetch;
    return effect && (isEmpty || parent.name === "pk") ? [{ kind: "query" as const, effect }] : [];
  });
}

function isOfFound(value: Value): value is Row {
  return value.kind === "row" && !value.fetch && !value.model && value.parent?.row.fetch?.kind === "fetch";
}
