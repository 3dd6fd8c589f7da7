import type { Operation } from "../../plan/operation.ts";
import { inTermsOf, shapeOf } from "../links.ts";
import { actsOf, isMutator, type SpecRule } from "./rule.ts";

const ROLE = /(^|[/_])(role|roles|level|permission|permissions|access|access_level|rank|privilege)$/i;

/** A call on an object, against an operation that gives somebody another role there. */
export const demotionRace: SpecRule = {
  weakness: "demotion-race",
  candidates(operation, all, objects) {
    if (!isMutator(operation) || operation.pathParameters.length === 0) return [];
    const rivals = all.filter(
      (one) => one.id !== operation.id && givesRole(one) && sharesObject(one, operation),
    );
    if (rivals.length === 0) return [];
    return actsOf(operation, all, objects).map((act) => ({
      weakness: "demotion-race",
      act,
      rivals: rivals.filter((one) => one.bearer.includes(act.scheme)).map((one) => inTermsOf(operation, one)),
      severity: "high" as const,
      confidence: "medium" as const,
      reasons: [
        `${rivals[0]?.method} ${rivals[0]?.path} may take the role away that this operation asks for`,
      ],
    }));
  },
};

function givesRole(one: Operation): boolean {
  if (one.open || !["POST", "PUT", "PATCH"].includes(one.method)) return false;
  return one.body?.slots.some((slot) => ROLE.test(slot.pointer) && (slot.values?.length ?? 0) > 1) === true;
}

/** Acts inside of the object that the role is held in: `/teams/{team}/…`. */
function sharesObject(one: Operation, operation: Operation): boolean {
  const end = operation.path.indexOf("}") + 1;
  const object = shapeOf(operation.path.slice(0, end));
  return shapeOf(one.path).startsWith(`${object}/`) || shapeOf(one.path) === object;
}
