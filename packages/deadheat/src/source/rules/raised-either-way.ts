import type { Effect, Guard } from "../effects/effect.ts";
import { columnOf } from "../effects/values.ts";
import type { Models } from "../project/models.ts";

/**
 * `if Order.objects.filter(number=number).exists(): raise ValueError(…)`: a mistake of the caller's, which nobody answers,
 * and the constraint says the same to who comes second.
 */
export function isRaisedEitherWay({ refuses, site: { fn, end } }: Guard): boolean {
  return refuses && RAISES_A_MISTAKE.test(fn.text().slice(end - fn.start));
}

const RAISES_A_MISTAKE = /^\)?:\s*raise (ValueError|TypeError|KeyError|RuntimeError|AssertionError)\b/;

/** What was looked for is a unique set, whatever else the row is: found or refused, it is the same row. */
export function isLookedForWhole(models: Models, { model }: Effect, { query }: Effect): boolean {
  const lookups = (query?.filters ?? []).filter((one) => !one.exclude);
  const looked = new Set(lookups.map(({ lookup }) => columnOf(lookup.replace(/__exact$/, ""))));
  return (
    model !== undefined &&
    models
      .uniqueSets(model)
      .some(
        ({ fields, conditional }) =>
          fields.length === looked.size && !conditional && fields.every((one) => looked.has(columnOf(one))),
      )
  );
}
