import { compatible, type Effect, precedes } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { keyOf } from "../effects/scalars.ts";
import type { Query } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `held = line.shares.aggregate(Sum("amount"))`, `line.shares.all().delete()`, and others are made for what they came to:
 * two requests both add it up, the second deletes nothing, and makes as many once more.
 */
export function* summedThenDeleted({ effects }: RuleContext): Generator<Candidate> {
  for (const remove of effects) {
    if (remove.kind !== "delete" || remove.tested || !remove.query) continue;
    const sum = effects.find(
      (one) => one.kind === "aggregate" && precedes(one, remove) && isOfSameRows(one.query, remove.query),
    );
    const create = sum && effects.find((one) => isMadeAgain(one, remove));
    if (!sum || !create) continue;
    const protection = queryProtection(effects, sum, remove);
    if (protects(protection)) continue;
    yield explain(remove, {
      message:
        "rows are added up, then deleted, and others are made for what they came to: two requests both make them",
      because: "nothing makes a second request wait before it adds them up",
      protection,
      read: sum.site,
      also: [create],
      severity: "low",
    });
    return;
  }
}

/** In whose place they are put, the source need not say. */
function isMadeAgain({ kind, seq, model, steps, loop }: Effect, remove: Effect): boolean {
  return (
    kind === "create" &&
    seq > remove.seq &&
    loop >= remove.loop &&
    compatible(steps, remove.steps) &&
    (remove.model === undefined || sameModel(model, remove.model))
  );
}

function isOfSameRows(one: Query | undefined, other: Query | undefined): boolean {
  if (!one || !other || one.filters.length !== other.filters.length) return false;
  if (one.owner?.row.key !== other.owner?.row.key || one.owner?.name !== other.owner?.name) return false;
  if (!one.owner && (!sameModel(one.model, other.model) || one.filters.length === 0)) return false;
  return one.filters.every((filter) =>
    other.filters.some((same) => same.lookup === filter.lookup && keyOf(same.value) === keyOf(filter.value)),
  );
}
