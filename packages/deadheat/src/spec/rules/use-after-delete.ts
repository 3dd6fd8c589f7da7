import type { Operation } from "../../plan/operation.ts";
import { inTermsOf, shapeOf } from "../links.ts";
import { at, objectsIn, once, orderOf } from "../lookup.ts";
import { madeBy } from "../made.ts";
import { callsOf, isMutator, type SpecRule } from "./rule.ts";

/** An act on an object that can be deleted: is anything of it there when the object is gone? */
export const useAfterDelete: SpecRule = {
  weakness: "use-after-delete",
  candidates(operation, all, objects) {
    if (!isMutator(operation) || operation.pathParameters.length === 0) return [];
    const removers = removersOf(operation, all);
    const [first] = removers;
    if (!first) return [];
    const made = madeBy(operation, all);
    return callsOf(operation, all, objects)
      .map((act) => ({
        weakness: "use-after-delete",
        act,
        rivals: removers
          .filter((one) => one.bearer.includes(act.scheme))
          .map((one) => inTermsOf(operation, one)),
        ...(made ? { made } : {}),
        severity: "medium" as const,
        confidence: "medium" as const,
        reasons: [`${first.method} ${first.path} takes the object away`],
      }))
      .filter(({ act, rivals }) => rivals.length > 0 && act.observers.length > 0);
  },
};

/** Delete the object that `operation` is about, or one around it. */
function removersOf({ path }: Operation, all: readonly Operation[]): Operation[] {
  const order = once(all, orderOf);
  return objectsIn(shapeOf(path))
    .flatMap((object) => at(all, "DELETE", object))
    .filter((one) => one.unfillable === undefined && !one.body?.required && !one.open)
    .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}
