import type { Operation } from "../../plan/operation.ts";
import type { Candidate } from "../../plan/plan.ts";
import { linksOf } from "../links.ts";
import { observersOf } from "../observers.ts";

/** A rule looks at one operation and says what may race there. One file, one weakness. */
export interface SpecRule {
  readonly weakness: string;
  candidates(operation: Operation, all: readonly Operation[]): Candidate[];
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
export function actsOf(operation: Operation, all: readonly Operation[]) {
  const links = linksOf(operation, all);
  if (!links) return [];
  return operation.bearer
    .map((scheme) => ({
      operation,
      scheme,
      links,
      ...(needsOnlyToken(operation) ? { mayEndToken: namesRevocation(operation) } : {}),
      observers: observersOf(operation, scheme, all),
    }))
    .filter((act) => act.observers.length > 0);
}

const REVOKES = /log-?out|sign-?out|sign-?off|revoke|invalidate|session/i;

export function isNamedRevocation(operation: Operation): boolean {
  return REVOKES.test(operation.words);
}

function namesRevocation(operation: Operation): "named" | "unnamed" {
  return isNamedRevocation(operation) ? "named" : "unnamed";
}

/** No object is named and no body has to be sent. */
export function needsOnlyToken(operation: Operation): boolean {
  const { pathParameters, unfillable, body } = operation;
  return pathParameters.length === 0 && unfillable === undefined && !body?.required;
}

export function numericSlots(operation: Operation) {
  return (operation.body?.slots ?? []).filter(
    (slot) => (slot.type !== "string" || slot.numeric) && !slot.fixed,
  );
}
