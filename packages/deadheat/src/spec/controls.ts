import type { ObjectRecipe } from "../plan/credential.ts";
import type { Operation } from "../plan/operation.ts";
import type { Act } from "../plan/plan.ts";
import { linksOf } from "./links.ts";
import { observersOf } from "./observers.ts";
import { observersOfReference, referencesOf } from "./references.ts";
import { isNamedRevocation, needsOnlyToken } from "./rules/rule.ts";
import { needsOptIn } from "./side-effects.ts";

export interface ControlOptions {
  readonly optIn: readonly string[];
  readonly objects: readonly ObjectRecipe[];
}

/** Operations that may be called: those with side effects beyond the API only where they were named. */
function callable(all: readonly Operation[], optIn: readonly string[]): Operation[] {
  return all.filter((one) => {
    const named = optIn.includes(one.id) || optIn.includes(`${one.method} ${one.path}`);
    return one.unfillable === undefined && (named || one.method === "GET" || !needsOptIn(one));
  });
}

/** Every operation that declares a header scheme, and how it is called under each; effects need not be seen. */
export function controlledActs(all: readonly Operation[], options: ControlOptions): Act[] {
  const allowed = callable(all, options.optIn);
  return allowed.flatMap((operation) => {
    const links = operation.bearer.length > 0 ? linksOf(operation, allowed, options.objects) : undefined;
    if (!links) return [];
    const references = referencesOf(operation, allowed);
    return operation.bearer.map((scheme) => ({
      operation,
      scheme,
      links,
      references,
      ...(needsOnlyToken(operation) && operation.method !== "GET"
        ? { mayEndToken: isNamedRevocation(operation) ? ("named" as const) : ("unnamed" as const) }
        : {}),
      observers: [
        ...observersOf(operation, scheme, allowed),
        ...references.flatMap((one) => observersOfReference(one, scheme, allowed)),
      ],
    }));
  });
}

/** Reads that the document declares open to all, without an object that would have to be made. */
export function openReads(all: readonly Operation[]): Operation[] {
  return all.filter(
    (one) =>
      one.method === "GET" && one.open && one.pathParameters.length === 0 && one.unfillable === undefined,
  );
}

const ENDS_THIS_TOKEN = /log-?out|sign-?out|sign-?off|revoke/i;
/** Ends the other sessions and keeps this one, or ends what is no token. */
const SPARES_IT = /other|else|invit|share|grant|member|role|key/i;

/**
 * Operations of which the document says that they end the token they are called with. What is merely called
 * after a session is not among them, nor what asks for a refresh token: an access token may rightly outlive
 * that (RFC 7009 §2.1).
 */
export function declaredRevocations(scheme: string, all: readonly Operation[], optIn: readonly string[]) {
  return callable(all, optIn).filter(
    (one) =>
      one.bearer.includes(scheme) &&
      !one.open &&
      (one.method === "POST" || one.method === "DELETE") &&
      needsOnlyToken(one) &&
      ENDS_THIS_TOKEN.test(one.words.replace(/[\s_](?=(out|off)\b)/gi, "")) &&
      !SPARES_IT.test(one.words) &&
      !one.body?.slots.some((slot) => /refresh/i.test(slot.pointer)),
  );
}
