import type { Operation } from "../../plan/operation.ts";
import { actsOf, isMutator, type SpecRule } from "./rule.ts";

const REVOKES = /log-?out|sign-?out|revoke|invalidate|session/i;

/** A change of state against an operation that may end the token it is made under. */
export const revocationRace: SpecRule = {
  weakness: "revocation-race",
  candidates(operation, all) {
    if (!isMutator(operation)) return [];
    return actsOf(operation, all).flatMap((act) => {
      const revokers = revokersFor(operation, act.scheme, all);
      if (revokers.length === 0) return [];
      const named = revokers.some(isNamedRevocation);
      return [
        {
          weakness: "revocation-race",
          act,
          revokers,
          severity: "high" as const,
          confidence: named ? ("medium" as const) : ("low" as const),
          reasons: [
            `${revokers[0]?.method} ${revokers[0]?.path} may end the token that this operation is called with`,
          ],
        },
      ];
    });
  },
};

/** Needs nothing but the token: no path parameter, no required body. The nearest to a logout first. */
function revokersFor(operation: Operation, scheme: string, all: readonly Operation[]): Operation[] {
  return all
    .filter((one) => one.id !== operation.id && one.bearer.includes(scheme) && !one.open)
    .filter((one) => one.method === "POST" || (one.method === "DELETE" && isNamedRevocation(one)))
    .filter((one) => one.pathParameters.length === 0 && one.unfillable === undefined && !one.body?.required)
    .sort((a, b) => Number(isNamedRevocation(b)) - Number(isNamedRevocation(a)));
}

export function isNamedRevocation(operation: Operation): boolean {
  return REVOKES.test(operation.words);
}
