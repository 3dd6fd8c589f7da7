import { isIdempotencyKey } from "../operations.ts";
import { actsOf, isMutator, type SpecRule } from "./rule.ts";

/** An operation that takes an Idempotency-Key: the same request twice is to have one effect. */
export const idempotencyRace: SpecRule = {
  weakness: "idempotency-race",
  candidates(operation, all, objects) {
    const header = operation.freshHeaders.find(isIdempotencyKey);
    if (!isMutator(operation) || header === undefined) return [];
    const refuses = operation.statuses.filter((status) => ["409", "422"].includes(status));
    return actsOf(operation, all, objects).map((act) => ({
      weakness: "idempotency-race",
      act,
      severity: "high" as const,
      confidence: "medium" as const,
      reasons: [
        `takes the header ${header}`,
        ...(refuses.length > 0 ? [`documents a refusal: ${refuses.join(", ")}`] : []),
      ],
    }));
  },
};
