import type { Operation } from "../../plan/operation.ts";
import { actsOf, isMutator, isNamedRevocation, needsOnlyToken, type SpecRule } from "./rule.ts";

/** A change of state against an operation that may end the token it is made under. */
export const revocationRace: SpecRule = {
  weakness: "revocation-race",
  candidates(operation, all, objects, schemes) {
    if (!isMutator(operation)) return [];
    return actsOf(operation, all, objects).flatMap((act) => {
      const rivals = rivalsFor(operation, act.scheme, all);
      const told = schemes?.revocable.has(act.scheme) ?? false;
      if (rivals.length === 0 && !told) return [];
      const named = told || rivals.some(isNamedRevocation);
      return [
        {
          weakness: "revocation-race",
          act,
          rivals,
          severity: "high" as const,
          confidence: named ? ("medium" as const) : ("low" as const),
          reasons: [
            told
              ? "the configuration says how the token that this operation is called with is revoked"
              : `${rivals[0]?.method} ${rivals[0]?.path} may end the token that this operation is called with`,
          ],
        },
      ];
    });
  },
};

/** Needs nothing but the token. The nearest to a logout first; a delete that is not called one only for want of it. */
function rivalsFor(operation: Operation, scheme: string, all: readonly Operation[]): Operation[] {
  const bare = all
    .filter((one) => one.id !== operation.id && one.bearer.includes(scheme) && !one.open)
    .filter((one) => (one.method === "POST" || one.method === "DELETE") && needsOnlyToken(one));
  const named = bare.filter(isNamedRevocation);
  const unnamed = bare.filter((one) => !isNamedRevocation(one));
  const posts = unnamed.filter((one) => one.method === "POST");
  return named.length > 0
    ? [...named, ...posts]
    : [...posts, ...unnamed.filter((one) => one.method === "DELETE")];
}
