import { protectionOf, protects } from "../effects/protection.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `def invalidate_code(code): grant = Grant.objects.get(code=code); grant.delete()`: what makes a code worthless is asked by
 * each who has used it, and two that both find the row both hear that all is well. (Only `filter(code=code).delete()` says
 * who was the one.)
 */
export function* spentByGet({ effects, program, analysis: { fn } }: RuleContext): Generator<Candidate> {
  if (!SPENDS.test(fn.name)) return;
  for (const removal of effects) {
    const { row } = removal;
    const read = row?.fetch;
    if (removal.kind !== "delete" || removal.trail.length > 0 || removal.loop > 0 || removal.tested) continue;
    if (!row || read?.kind !== "fetch" || read.trail.length > 0 || !isLookedUpBySecret(read.query)) continue;
    const protection = protectionOf(effects, row, removal, program.models);
    if (protects(protection)) continue;
    yield {
      ...explain(removal, {
        message:
          "a code is spent by get() and delete(): of two that use it at once, neither hears of the other",
        protection,
        row,
        read: read.site,
        severity: "low",
        confidence: "low",
      }),
      // Who calls it has used the code by then.
      regardless: true,
    };
    return;
  }
}

const SPENDS = /^_?(invalidate|redeem|consume|burn)_/;

/** `code=code`, and not `pk=pk`: whoever has it may use it. */
function isLookedUpBySecret(
  query: { readonly filters: readonly { readonly lookup: string }[] } | undefined,
): boolean {
  return (query?.filters ?? []).some(({ lookup }) => SECRET.test(lookup));
}

const SECRET = /(^|_)(code|token|key|secret|nonce|ticket|hash|digest|otp)(__\w+)?$/;
