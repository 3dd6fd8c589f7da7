import type { Parameter } from "../parse/syntax.ts";
import type { Run } from "./run.ts";
import type { Type } from "./types.ts";

/**
 * `def close(order): order.lines.filter(…)`: a row of the table of orders, where exactly one model is called so and has
 * rows of another table under that name. (A name alone says little: an `order` may be a direction, or what was decoded.)
 */
export function typeByName({ program: { models }, fn }: Run, { name }: Parameter): Type | undefined {
  // Whoever calls, and whatever the model is called.
  if (name === "user") return { model: models.user(), many: false };
  const model = models.named(
    name.replace(/(^|_)([a-z])/g, (_all, _bar, letter: string) => letter.toUpperCase()),
  );
  if (!model.definition) return undefined;
  const asked = [...fn.text().matchAll(ASKS_RELATION)].flatMap(([, own, relation = ""]) =>
    own === name ? [relation] : [],
  );
  const isRelation = (one: string) => models.reverse(model, one)?.single === false;
  return asked.some(isRelation) ? { model, many: false } : undefined;
}

const ASKS_RELATION =
  /\b(\w+)\.(\w+)\s*\.a?(?:all|filter|exclude|get|create|get_or_create|update_or_create|exists|count|first|last|update|delete|order_by|select_for_update|select_related|values_list|aggregate|annotate|latest|earliest)\(/g;
