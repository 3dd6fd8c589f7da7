import { namesEnd, namesLifetime } from "../../plan/names.ts";
import { type Operation, operationName } from "../../plan/operation.ts";
import { actsOf, isMutator, type SpecRule } from "./rule.ts";

/** A change of state under a token of which something says that it ends by itself. */
export const expiryRace: SpecRule = {
  weakness: "expiry-race",
  candidates(operation, all, objects, schemes) {
    if (!isMutator(operation)) return [];
    const issuer = all.find(tellsLifetime);
    return actsOf(operation, all, objects).flatMap((act) => {
      const reason = issuer
        ? `${operationName(issuer)} gives tokens that end`
        : schemes?.ending.get(act.scheme);
      if (reason === undefined) return [];
      return [
        {
          weakness: "expiry-race",
          act,
          severity: "medium" as const,
          confidence: "low" as const,
          reasons: [reason],
        },
      ];
    });
  },
};

/** An open login that takes or tells how long its token lives. */
function tellsLifetime(one: Operation): boolean {
  if (!one.open || !one.body?.slots.some((slot) => slot.secret)) return false;
  return (
    one.body.slots.some(({ pointer }) => namesLifetime(pointer)) ||
    (one.leaves ?? []).some(({ pointer }) => namesEnd(pointer))
  );
}
