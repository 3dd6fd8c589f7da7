import type { ObjectRecipe } from "../../plan/credential.ts";
import { namesEndOfSession } from "../../plan/names.ts";
import type { Operation, Slot } from "../../plan/operation.ts";
import type { Candidate } from "../../plan/plan.ts";
import { linksOf } from "../links.ts";
import { observersOf } from "../observers.ts";
import { observersOfReference, referencesOf } from "../references.ts";

/** A rule looks at one operation and says what may race there. One file, one weakness. */
export interface SpecRule {
  readonly weakness: string;
  candidates(operation: Operation, all: readonly Operation[], objects: readonly ObjectRecipe[]): Candidate[];
}

/** The operation changes state under a bearer token and can be called with what the document offers. */
export function isMutator(operation: Operation): boolean {
  return (
    operation.bearer.length > 0 &&
    !operation.open &&
    operation.unfillable === undefined &&
    (operation.method === "POST" || operation.method === "PUT" || operation.method === "PATCH")
  );
}

/** How the operation is called under each of its schemes, where objects can be made and effects seen. */
export function actsOf(operation: Operation, all: readonly Operation[], objects: readonly ObjectRecipe[]) {
  const links = linksOf(operation, all, objects);
  if (!links) return [];
  const references = referencesOf(operation, all);
  return operation.bearer
    .map((scheme) => ({
      operation,
      scheme,
      links,
      references,
      ...(needsOnlyToken(operation) ? { mayEndToken: namesRevocation(operation) } : {}),
      observers: [
        ...observersOf(operation, scheme, all),
        ...references.flatMap((one) => observersOfReference(one, scheme, all)),
      ],
    }))
    .filter((act) => act.observers.length > 0);
}

export function isNamedRevocation(operation: Operation): boolean {
  return namesEndOfSession(operation.words);
}

function namesRevocation(operation: Operation): "named" | "unnamed" {
  return isNamedRevocation(operation) ? "named" : "unnamed";
}

/** No object is named, and no body has to be sent but for the token itself (RFC 7009 §2.1). */
export function needsOnlyToken(operation: Operation): boolean {
  const { pathParameters, unfillable, body } = operation;
  if (pathParameters.length > 0 || unfillable !== undefined) return false;
  if (!body?.required) return true;
  return (
    body.slots.some(isToken) && body.slots.every((slot) => isToken(slot) || slot.fixed || !slot.required)
  );
}

function isToken(slot: Slot): boolean {
  return slot.type === "string" && /(^|\/|_)(token|refresh|access|jwt)(_token)?$/i.test(slot.pointer);
}

export function numericSlots(operation: Operation) {
  return (operation.body?.slots ?? []).filter(
    (slot) => (slot.type !== "string" || slot.numeric) && !slot.fixed,
  );
}
