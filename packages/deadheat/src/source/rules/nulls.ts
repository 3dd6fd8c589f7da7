import type { Effect } from "../effects/effect.ts";
import { columnOf, type Value } from "../effects/values.ts";
import type { Model, UniqueSet } from "../project/model.ts";
import type { Models } from "../project/models.ts";
import { isTakenForEmpty } from "./taken-for-empty.ts";

/** To a unique constraint no two NULLs are equal: where a column is empty, it refuses nothing. */
export type Emptiness = "empty" | "likely";

/**
 * Of a set that covers the lookup: is one of its columns empty? `likely` where several of them may be (a user, or a
 * session, or an address), or whoever asks thinks so.
 */
export function emptinessOf(
  models: Models,
  model: Model,
  set: UniqueSet,
  effect: Effect,
): Emptiness | undefined {
  if (set.nullsEqual) return undefined;
  const fields = models.fields(model);
  const nullable = set.fields.filter((one) => (fields.get(one) ?? fields.get(columnOf(one)))?.nullable);
  if (nullable.length === 0) return undefined;
  const given = (effect.query?.filters ?? []).filter(({ lookup }) =>
    nullable.some((one) => columnOf(one) === columnOf(lookup.replace(/__(exact|iexact)$/, ""))),
  );
  if (given.some(({ value }) => isEmpty(value, effect))) return "empty";
  if (given.some(({ lookup }) => isTakenForEmpty(effect, lookup))) return "likely";
  const isKnown = ({ value }: { readonly value: Value }) => value.kind === "row" && value.model !== undefined;
  return given.filter((one) => !isKnown(one)).length > 1 ? "likely" : undefined;
}

/** `None`, or an argument that is `None` where nobody gives it. */
function isEmpty(value: Value, { trail, site }: Effect): boolean {
  if (value.kind === "scalar") return value.literal === null;
  if (value.kind !== "row" || value.origin !== "parameter" || value.parent || trail.length > 0) return false;
  const fallback = site.fn.signature().parameters.find((one) => one.name === value.parameter)?.fallback;
  if (fallback?.kind !== "constant" || fallback.value !== null) return false;
  // `if tenant is None: tenant = …`, `tenant or …`: looked after.
  return !new RegExp(`\\b(not|if) ${value.parameter}\\b|\\b${value.parameter} (is|or)\\b`).test(
    site.fn.text(),
  );
}
