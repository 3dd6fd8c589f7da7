import type { Act } from "../../plan/plan.ts";
import { madeBy } from "../made.ts";
import { refusalOf, writesBeside } from "./beside.ts";
import { actsOf, choosingActsOf, isMutator, type SpecRule } from "./rule.ts";

/** What moves something between two objects, or may be refused for the sake of other objects beside it. */
export const writeSkew: SpecRule = {
  weakness: "write-skew",
  candidates(operation, all, objects) {
    if (!isMutator(operation)) return [];
    const refusal = refusalOf(operation, all);
    const acts = [...actsOf(operation, all, objects), ...choosingActsOf(operation, all, objects)];
    return acts.flatMap((act) => {
      const rivals = writesBeside(operation, all).filter(
        (one) => refusalOf(one, all) !== undefined && one.bearer.includes(act.scheme),
      );
      const moves = namesTwoOfAKind(act);
      const overObjects = act.operation.pathParameters.length > 0 && !madeBy(operation, all);
      if (!moves && (refusal === undefined || !(overObjects || rivals.length > 0))) return [];
      return [
        {
          weakness: "write-skew",
          act,
          ...(rivals.length > 0 ? { rivals } : {}),
          severity: "high" as const,
          confidence: moves ? ("medium" as const) : ("low" as const),
          reasons: [
            ...(moves ? ["names two objects of one kind: something goes from one to the other"] : []),
            ...(refusal === undefined ? [] : [`documents a refusal: ${refusal}`]),
          ],
        },
      ];
    });
  },
};

function namesTwoOfAKind({ links, references }: Act): boolean {
  const producers = [...links, ...references].flatMap((one) => ("producer" in one ? [one.producer.id] : []));
  return new Set(producers).size < producers.length;
}
