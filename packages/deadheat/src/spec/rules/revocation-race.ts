import type { Operation } from "../../plan/operation.ts";
import { file, once } from "../lookup.ts";
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
function rivalsFor(operation: Operation, scheme: string, all: readonly Operation[]): readonly Operation[] {
  const bare = once(all, bareIn).get(scheme) ?? [];
  const others = bare.some(({ id }) => id === operation.id)
    ? bare.filter(({ id }) => id !== operation.id)
    : bare;
  return once(others, inOrder);
}

/** What needs nothing but a token, by the scheme of that. */
function bareIn(all: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const found = new Map<string, Operation[]>();
  for (const one of all)
    if (!one.open && (one.method === "POST" || one.method === "DELETE") && needsOnlyToken(one))
      for (const scheme of one.bearer) file(found, scheme, one);
  return found;
}

function inOrder(bare: readonly Operation[]): readonly Operation[] {
  const named = bare.filter(isNamedRevocation);
  const unnamed = bare.filter((one) => !isNamedRevocation(one));
  const posts = unnamed.filter((one) => one.method === "POST");
  return named.length > 0
    ? [...named, ...posts]
    : [...posts, ...unnamed.filter((one) => one.method === "DELETE")];
}
