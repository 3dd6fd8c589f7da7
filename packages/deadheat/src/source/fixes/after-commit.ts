import { precedes, sameTransaction } from "../effects/effect.ts";
import { type FixContext, isOwn, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { afterCommit as deferred } from "./syntax/after-commit.ts";
import { callAt } from "./syntax/walk.ts";
import type { Edit } from "./text/edit.ts";

/** Mail and tasks leave when what they are about has been committed. */
export const afterCommit: SourceFix = {
  id: "after-commit",
  title: "transaction.on_commit(…)",
  rules: new Set(["effect-before-commit"]),
  propose(context): Proposal | Refusal {
    if (context.isAsync) return refuse("transaction.on_commit cannot be used in a coroutine");
    const edits: Edit[] = [];
    for (const site of sitesOf(context)) {
      const call = callAt(context.node, site);
      const edit = call && deferred(context, call);
      if (!edit) return refuse("the result of the call is used, so it cannot wait for the commit");
      edits.push(...edit);
    }
    return edits.length > 0 ? { edits } : refuse("the call is in a function that writes as well");
  },
};

/** All that leave in the same transaction of this function: with the first put right, the next would be told. */
function sitesOf(context: FixContext): FixContext["write"]["site"][] {
  const { write, analysis } = context;
  const seen = new Map<number, FixContext["write"]["site"]>();
  for (const one of analysis.effects) {
    if (one.kind !== "external" || one.deferred || !sameTransaction(one.txns, write.txns)) continue;
    const site = [...one.trail, one.site].find((at) => isOwn(context, at));
    const isLate = analysis.effects.some((other) => isChange(other.kind) && precedes(other, one));
    if (site && (one === write || isLate)) seen.set(site.start, site);
  }
  return [...seen.values()].filter((site) => !changesRows(context, site));
}

/** A called function that writes as well cannot be put off as a whole. */
function changesRows({ analysis }: FixContext, site: FixContext["write"]["site"]): boolean {
  return analysis.effects.some(
    (one) => isChange(one.kind) && one.trail.some((at) => at.start === site.start),
  );
}

function isChange(kind: string): boolean {
  return /^(save|update|create|get-or-create|delete)$/.test(kind);
}
