import type { Operation } from "../../plan/operation.ts";
import { inTermsOf } from "../links.ts";
import { once } from "../lookup.ts";
import { byFirstObject, firstObject } from "./object.ts";
import { actsOf, isMutator, type SpecRule } from "./rule.ts";

const ROLE = /(^|[/_])(role|roles|level|permission|permissions|access|access_level|rank|privilege)$/i;

/** A call on an object, against an operation that gives somebody another role there. */
export const demotionRace: SpecRule = {
  weakness: "demotion-race",
  candidates(operation, all, objects) {
    if (!isMutator(operation) || operation.pathParameters.length === 0) return [];
    const rivals = (once(all, rolesGiven).get(firstObject(operation)) ?? []).filter(
      (one) => one.id !== operation.id,
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

/** By the object that the role is held in: `/teams/{team}/…`. */
function rolesGiven(all: readonly Operation[]) {
  return byFirstObject(all.filter(givesRole));
}
