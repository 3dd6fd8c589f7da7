import { lastName, namesPerson } from "../../plan/names.ts";
import type { Operation } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { inTermsOf } from "../links.ts";
import { once } from "../lookup.ts";
import { byFirstObject, firstObject } from "./object.ts";
import { actsOf, isMutator, type SpecRule } from "./rule.ts";

const GIVES = /transfer|owner|hand(s|ed)?[ _-]?over|give|assign/i;

/** A change to an object, against an operation that gives the object to somebody else. */
export const ownershipRace: SpecRule = {
  weakness: "ownership-race",
  candidates(operation, all, objects) {
    if (!isMutator(operation) || operation.pathParameters.length === 0) return [];
    if (gives(operation)) return [];
    const rivals = once(all, givers).get(firstObject(operation)) ?? [];
    if (rivals.length === 0) return [];
    return actsOf(operation, all, objects).map((act) => ({
      weakness: "ownership-race",
      act,
      rivals: rivals.map((one) => inTermsOf(operation, one)).filter((one) => isUnder(act, one)),
      severity: "high" as const,
      confidence: "medium" as const,
      reasons: [`${rivals[0]?.method} ${rivals[0]?.path} may give the object to another principal`],
    }));
  },
};

/** By the object that they give away. */
function givers(all: readonly Operation[]) {
  return byFirstObject(all.filter((one) => isMutator(one) && gives(one)));
}

/** Names a person in its body, and says that it gives: by its words, or by what its source is known to write. */
function gives(one: Operation): boolean {
  const known = one.owner ?? [];
  if (one.body?.slots.some((slot) => slot.required && known.includes(lastName(slot.pointer)))) return true;
  const person = one.body?.slots.some((slot) => slot.required && namesPerson(lastName(slot.pointer)));
  const owner = one.body?.slots.some((slot) => /owner/i.test(slot.pointer));
  return person === true && (GIVES.test(one.words) || owner === true || known.length > 0);
}

function isUnder({ scheme }: Act, one: Operation): boolean {
  return one.bearer.includes(scheme);
}
