import { actsOf, isMutator, isNamedRevocation, type SpecRule } from "./rule.ts";

/** A write that a read shows: if it has several steps, a read may see some of them alone. */
export const missingTransaction: SpecRule = {
  weakness: "missing-transaction",
  candidates(operation, all, objects) {
    if (!isMutator(operation) || isNamedRevocation(operation)) return [];
    return actsOf(operation, all, objects).map((act) => ({
      weakness: "missing-transaction",
      act,
      severity: "medium" as const,
      confidence: "low" as const,
      reasons: [`${act.observers[0]?.method} ${act.observers[0]?.path} may show what it changes`],
    }));
  },
};
