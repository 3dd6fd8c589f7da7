import type { Effect, Guard } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { columnOf, type Row, type Value } from "../effects/values.ts";
import { coveredByUnique, isIntegrityHandled, sameTable } from "./creation.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `Payer.objects.get(user=user)` finds none, so `made = gateway.create(…)`, and then
 * `Payer.objects.get_or_create(remote_id=made.id, defaults={"user": user})`: each of two requests has made another one
 * elsewhere, by whose key there is never a row yet.
 */
export function* madeElsewhere({ effects, program }: RuleContext): Generator<Candidate> {
  for (const create of effects) {
    if (create.kind !== "get-or-create" || !create.query || isIntegrityHandled(create)) continue;
    if (!create.query.filters.some(({ value }) => isOfMade(value))) continue;
    const found = searchBefore(create);
    if (!found || protects(queryProtection(effects, found.search, create))) continue;
    // Whoever sends the same key once more, gets the same.
    if (/idempoten/i.test(create.site.fn.text())) continue;
    const { search, guard } = found;
    // The key itself is another one each time: what was looked for may be unique.
    const isRefused = coveredByUnique(program.models, { ...create, lookups: [] }, search);
    yield explain(create, {
      message: isRefused
        ? "a row is looked for and, where it is missing, made for something new elsewhere: two requests make two there, and one fails"
        : "a row is looked for and, where it is missing, made by the key of something new: two requests make two",
      protection: { coverage: create.txns.length > 0 ? "atomic" : "none" },
      read: search.site,
      test: guard,
      own: true,
      because: isRefused
        ? "a unique constraint refuses the second row, and nobody handles the IntegrityError"
        : "get_or_create() searches by a key that nobody has seen yet, and not by what was looked for",
      ...(isRefused ? { severity: "low" as const } : {}),
    });
  }
}

/** The search by something else whose empty answer led to `create`. */
function searchBefore(create: Effect): { readonly search: Effect; readonly guard: Guard } | undefined {
  const lookups = new Set(create.lookups?.map(columnOf));
  for (const guard of create.guards)
    for (const atom of guard.deps) {
      const search = atom.kind === "query" ? atom.effect : undefined;
      if (!search?.query || !/^(fetch|exists)$/.test(search.kind) || !sameTable(search, create, false))
        continue;
      const { filters } = search.query;
      if (filters.length === 0 || filters.some((one) => one.exclude || lookups.has(columnOf(one.lookup))))
        continue;
      if (guard.kind === "missing" || isMissing(guard, search, create)) return { search, guard };
    }
  return undefined;
}

function isMissing(guard: Guard, search: Effect, { steps }: Effect): boolean {
  const arm = guard.missing.get(search);
  const own = steps.find((one) => one.branch === guard.branch);
  return arm !== undefined && (own === undefined || own.arm === arm);
}

/** What `gateway.customers.create(…)` has given, or a part of that. */
function isOfMade(value: Value): boolean {
  if (value.kind !== "row") return false;
  for (let at: Row | undefined = value; at; at = at.parent?.row) if (at.isMade) return true;
  return false;
}
