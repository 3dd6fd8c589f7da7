import type { Operation } from "../../plan/operation.ts";
import { actsOf, isMutator, isNamedRevocation, needsOnlyToken, type SpecRule } from "./rule.ts";

/** A change whose body may come slowly: what is locked before it is there waits as long as the client likes. */
export const lockHold: SpecRule = {
  weakness: "lock-hold",
  candidates(operation, all, objects) {
    if (!isMutator(operation) || !operation.body?.required) return [];
    return actsOf(operation, all, objects).map((act) => {
      const rivals = all.filter((one) => endsToken(one, act.scheme) && one.id !== operation.id);
      return {
        weakness: "lock-hold",
        act,
        rivals,
        severity: "medium" as const,
        confidence: "low" as const,
        reasons: ["has a body that a client can send slowly, and changes state under a token"],
      };
    });
  },
};

function endsToken(operation: Operation, scheme: string): boolean {
  return (
    operation.bearer.includes(scheme) &&
    !operation.open &&
    (operation.method === "POST" || operation.method === "DELETE") &&
    needsOnlyToken(operation) &&
    isNamedRevocation(operation)
  );
}
