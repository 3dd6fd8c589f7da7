import { compatible, type Effect } from "../effects/effect.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { keyOf } from "../effects/run.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `if not votes.exists(): return; votes.delete(); total.count = F("count") - 1`: of two requests that both find the vote,
 * the second deletes nothing, and counts down all the same.
 */
export function* deletedThenCounted({ effects, program: { models } }: RuleContext): Generator<Candidate> {
  for (const removal of effects) {
    if (removal.kind !== "delete" || removal.tested || removal.loop > 0) continue;
    const search = searchFor(removal);
    if (!search) continue;
    const counted = effects.find(
      (one) => one.seq > removal.seq && isCounted(one) && compatible(one.steps, removal.steps),
    );
    if (!counted || counted.row?.key === removal.row?.key) continue;
    const protection = removal.row
      ? protectionOf(effects, removal.row, removal, models)
      : queryProtection(effects, search, removal);
    if (protects(protection)) continue;
    yield explain(counted, {
      message:
        "a row is found, deleted and counted down: the second of two deletes nothing, and counts all the same",
      because: "how many rows were deleted is not looked at",
      protection,
      read: search.site,
      also: [removal],
      severity: "medium",
    });
  }
}

/** The question that found what is deleted. */
function searchFor({ row, query, guards, seq }: Effect): Effect | undefined {
  if (row) return row.origin === "new" ? undefined : row.fetch;
  for (const { deps } of guards)
    for (const atom of deps)
      if (atom.kind === "query" && atom.effect.seq < seq && isSame(atom.effect, query)) return atom.effect;
  return undefined;
}

function isSame({ kind, query: asked }: Effect, query: Effect["query"]): boolean {
  if (!asked || !query || !/^(exists|count|list|fetch)$/.test(kind) || asked.model !== query.model)
    return false;
  const lookups = (one: NonNullable<Effect["query"]>) =>
    one.filters.map(({ lookup, value, exclude }) => `${exclude}${lookup}=${keyOf(value)}`).join("&");
  return asked.filters.length > 0 && lookups(asked) === lookups(query);
}

const COUNTS_DOWN = /\bF\([^()]*\)\s*-/;

/** `count = F("count") - 1`. */
function isCounted({ kind, fields, guards }: Effect): boolean {
  if (kind !== "save" && kind !== "update") return false;
  const isDecided = guards.some(({ deps }) =>
    deps.some((atom) => atom.kind === "query" && atom.effect.kind === "delete"),
  );
  return (
    !isDecided &&
    [...(fields?.values() ?? [])].some(
      ({ database, site: { fn, start, end } }) =>
        database && COUNTS_DOWN.test(fn.module.source.text.slice(start, end)),
    )
  );
}
