import { compatible, type Effect, precedes } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import type { Query } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { isSameSearch } from "./claimed-together.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `held = line.shares.aggregate(Sum("amount"))`, `line.shares.all().delete()`, and others are made for what they came to:
 * two requests both add it up, the second deletes nothing, and makes as many once more.
 */
export function* summedThenDeleted({ effects }: RuleContext): Generator<Candidate> {
  for (const remove of effects) {
    if (remove.kind !== "delete" || remove.tested || !remove.query || !isOfSome(remove.query)) continue;
    const sum = effects.find(
      (one) => one.kind === "aggregate" && precedes(one, remove) && isSameSearch(one.query, remove.query),
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

/** (`all()` of a whole table is emptied, and not merged.) */
function isOfSome({ owner, filters }: Query): boolean {
  return owner !== undefined || filters.length > 0;
}
