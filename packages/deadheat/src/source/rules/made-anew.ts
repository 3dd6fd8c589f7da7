import { type Effect, precedes } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { keyOf } from "../effects/scalars.ts";
import { columnOf } from "../effects/values.ts";
import { coveredByUnique, isIntegrityHandled, sameTable } from "./creation.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `Key.objects.filter(user=user).delete()` (or `Key.objects.get(user=user).delete()`), then `Key.objects.create(user=user)`: the
 * old one is replaced. Two requests both delete what was there, and both make one: there are two.
 */
export function* madeAnew({ effects, program }: RuleContext): Generator<Candidate> {
  for (const create of effects) {
    if (create.kind !== "create" || create.loop > 0 || isIntegrityHandled(create)) continue;
    const gone = effects.find(
      (one) => one.kind === "delete" && precedes(one, create) && isOfTheSame(one, create),
    );
    const search = gone?.row?.fetch ?? gone;
    if (!gone || !search || protects(queryProtection(effects, search, create))) continue;
    if (search.query?.locked || coveredByUnique(program.models, create, search)) continue;
    yield madeInPlace(create, gone, {
      message: "rows are deleted, then one is made in their place: two requests leave two",
      because: "nothing makes a second request wait between the delete and the insert",
    });
  }
}

/** Deleted were those that have what the new one is given. */
function isOfTheSame(gone: Effect, create: Effect): boolean {
  const { query } = gone.row?.fetch ?? gone;
  const filters = query?.filters ?? [];
  if (filters.length === 0 || create.name !== "create" || !sameTable(gone, create, false)) return false;
  return filters.every(({ lookup, value, exclude }) => {
    const given = [...(create.fields ?? [])].find(([name]) => columnOf(name) === columnOf(lookup));
    return !exclude && given !== undefined && keyOf(given[1].value) === keyOf(value);
  });
}

/** What was there is taken away by `before`, and another one made. Where that is done in a called function, both are seen here. */
export function madeInPlace(
  made: Effect,
  before: Effect,
  words: { readonly message: string; readonly because: string },
): Candidate {
  const [call] = made.trail;
  const isApart = call !== undefined && before.trail[0] !== call;
  const found = explain(made, {
    ...words,
    ...(isApart ? { site: call } : {}),
    protection: { coverage: made.txns.length > 0 ? "atomic" : "none" },
    read: before.site,
    severity: "low",
  });
  return isApart ? { ...found, beside: true } : found;
}
