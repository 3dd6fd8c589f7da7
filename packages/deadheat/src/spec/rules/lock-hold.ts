import type { Operation } from "../../plan/operation.ts";
import { file, once } from "../lookup.ts";
import { actsOf, isMutator, isNamedRevocation, needsOnlyToken, type SpecRule } from "./rule.ts";

/** A change whose body may come slowly: what is locked before it is there waits as long as the client likes. */
export const lockHold: SpecRule = {
  weakness: "lock-hold",
  candidates(operation, all, objects) {
    if (!isMutator(operation) || !operation.body?.required) return [];
    return actsOf(operation, all, objects).map((act) => {
      const ending = once(all, endsOfTokens).get(act.scheme) ?? [];
      const rivals = ending.filter((one) => one.id !== operation.id);
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

/** What is called the end of a token and needs nothing but it, by the scheme of that. */
function endsOfTokens(all: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const found = new Map<string, Operation[]>();
  for (const one of all)
    if (
      !one.open &&
      (one.method === "POST" || one.method === "DELETE") &&
      needsOnlyToken(one) &&
      isNamedRevocation(one)
    )
      for (const scheme of one.bearer) file(found, scheme, one);
  return found;
}
