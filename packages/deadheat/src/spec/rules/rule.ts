import type { ObjectRecipe } from "../../plan/credential.ts";
import { namesEndOfSession } from "../../plan/names.ts";
import type { Operation, Slot } from "../../plan/operation.ts";
import type { Act, Candidate } from "../../plan/plan.ts";
import { chosenOf } from "../chosen.ts";
import { linksOf } from "../links.ts";
import { observersOf } from "../observers.ts";
import { observersOfReference, referencesOf } from "../references.ts";
import { refreshCarrier } from "../refresh.ts";

/** A rule looks at one operation and says what may race there. One file, one weakness. */
export interface SpecRule {
  readonly weakness: string;
  candidates(
    operation: Operation,
    all: readonly Operation[],
    objects: readonly ObjectRecipe[],
    schemes?: SchemeFacts,
  ): Candidate[];
}

/** What is known of security schemes beside the operations. */
export interface SchemeFacts {
  /** The user's recipes can end tokens of these security schemes. */
  readonly revocable: ReadonlySet<string>;
  /** By scheme, what speaks for it that its tokens tell when they end. */
  readonly ending: ReadonlyMap<string, string>;
}

/** The operation changes state under a bearer token and can be called with what the document offers. */
export function isMutator(operation: Operation): boolean {
  return (
    operation.bearer.length > 0 &&
    !operation.open &&
    operation.unfillable === undefined &&
    !takesRefreshToken(operation) &&
    (operation.method === "POST" || operation.method === "PUT" || operation.method === "PATCH")
  );
}

/** Called with an access token it can only refuse. */
function takesRefreshToken(operation: Operation): boolean {
  const takes = refreshCarrier(operation);
  return takes !== undefined && "instead" in takes;
}

/** How the operation is called under each of its schemes, where objects can be made and effects seen. */
export function actsOf(operation: Operation, all: readonly Operation[], objects: readonly ObjectRecipe[]) {
  return callsOf(operation, all, objects).filter((act) => act.observers.length > 0);
}

/** The same, also where no read beside it shows an effect. */
export function callsOf(operation: Operation, all: readonly Operation[], objects: readonly ObjectRecipe[]) {
  const links = linksOf(operation, all, objects);
  return links ? actsWith(operation, all, { links }) : [];
}

/** The same, where the last name of the path is the caller's choice. */
export function choosingActsOf(
  operation: Operation,
  all: readonly Operation[],
  objects: readonly ObjectRecipe[],
) {
  const chosen = chosenOf(operation, all, objects);
  return chosen ? actsWith(operation, all, chosen).filter((act) => act.observers.length > 0) : [];
}

function actsWith(
  operation: Operation,
  all: readonly Operation[],
  named: Pick<Act, "links" | "chosen">,
): Act[] {
  const references = referencesOf(operation, all);
  return operation.bearer.map((scheme) => ({
    operation,
    scheme,
    ...named,
    references,
    ...(needsOnlyToken(operation) ? { mayEndToken: namesRevocation(operation) } : {}),
    observers: [
      ...observersOf(operation, scheme, all),
      ...references.flatMap((one) => observersOfReference(one, scheme, all)),
    ],
  }));
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
