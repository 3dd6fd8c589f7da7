import { namesLifetime } from "../../plan/names.ts";
import type { Operation } from "../../plan/operation.ts";
import { actsOf, isMutator, type SpecRule } from "./rule.ts";

/** A change of state under a token that the document says ends by itself. */
export const expiryRace: SpecRule = {
  weakness: "expiry-race",
  candidates(operation, all, objects) {
    if (!isMutator(operation)) return [];
    const issuer = all.find(tellsLifetime);
    if (!issuer) return [];
    return actsOf(operation, all, objects).map((act) => ({
      weakness: "expiry-race",
      act,
      severity: "medium" as const,
      confidence: "low" as const,
      reasons: [`${issuer.method} ${issuer.path} gives tokens that end`],
    }));
  },
};

/** An open login that takes or tells how long its token lives. */
function tellsLifetime(one: Operation): boolean {
  if (!one.open || !one.body?.slots.some((slot) => slot.secret)) return false;
  const places = [...one.body.slots, ...(one.leaves ?? [])];
  return places.some(({ pointer }) => namesLifetime(pointer));
}
