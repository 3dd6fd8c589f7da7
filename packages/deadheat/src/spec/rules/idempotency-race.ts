import { madeBy } from "../made.ts";
import { isIdempotencyKey } from "../parameters.ts";
import { callsOf, isMutator, type SpecRule } from "./rule.ts";

/** An operation that takes an Idempotency-Key: the same request twice is to have one effect. */
export const idempotencyRace: SpecRule = {
  weakness: "idempotency-race",
  candidates(operation, all, objects) {
    const header = operation.freshHeaders.find(isIdempotencyKey);
    if (!isMutator(operation) || header === undefined) return [];
    const refuses = operation.statuses.filter((status) => ["409", "422"].includes(status));
    const made = madeBy(operation, all);
    return callsOf(operation, all, objects)
      .filter((act) => made || act.observers.length > 0)
      .map((act) => ({
        weakness: "idempotency-race",
        act,
        ...(made ? { made } : {}),
        severity: "high" as const,
        confidence: "medium" as const,
        reasons: [
          `takes the header ${header}`,
          ...(refuses.length > 0 ? [`documents a refusal: ${refuses.join(", ")}`] : []),
        ],
      }));
  },
};
