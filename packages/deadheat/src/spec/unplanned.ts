import type { Hint } from "./hints/hint.ts";
import { type Offer, whyOutOfReach } from "./index.ts";
import { once } from "./lookup.ts";
import { bySurveyedId, type Survey, type Surveyed } from "./survey.ts";

/** Why no scan would race what a hint is about, whatever the weakness; `undefined` where nothing stands against it. */
export function whyNot({ operations }: Hint, { omitted, schemes }: Offer): string | undefined {
  const reasons = once(omitted, reasonsOf);
  for (const { operation } of operations) {
    const found = reasons.get(operation.id);
    if (found !== undefined) return found;
  }
  return schemes.length === 0
    ? "the document declares no credential that travels in a header: whose call it is cannot be told"
    : undefined;
}

/** Why the rule of the scan planned nothing at the operation of a hint, in words. */
export function whyUnplanned({ operations: [one], weakness }: Hint, offer: Offer, found: Survey): string {
  if (!one) return "there is no operation";
  const { operation, security, lifecycle } = one;
  if (operation.unfillable !== undefined)
    return `requires ${operation.unfillable}, for which the document shows no value`;
  if (weakness === "control-mismatch" || weakness === "token-unverified")
    return "is tested by the controls of a scan, not by a race: deadheat scan";
  if (weakness === "single-use-code") return whyNoCode(one, offer, found);
  if (operation.open && !lifecycle) return "is open to all: no token takes part";
  if (operation.bearer.length === 0 && !operation.open)
    return security.some((alternative) => alternative.length > 1)
      ? "asks for several credentials together, and a scan sends one"
      : "asks for a credential that does not travel in a header";
  return whyUnmade(one, found, new Set()) ?? whyOutOfReach(operation, offer.callable);
}

function whyNoCode(one: Surveyed, { omitted }: Offer, { operations }: Survey): string {
  const senders = operations.filter(
    (it) =>
      it !== one &&
      it.lifecycle?.lifecycle === "one-time-code" &&
      !it.lifecycle.evidence[0]?.startsWith("takes"),
  );
  const withheld = omitted.find(({ operation }) => senders.some((it) => it.operation.id === operation.id));
  if (withheld) return `${withheld.operation.method} ${withheld.operation.path} ${withheld.reason}`;
  if (!one.operation.open)
    return "asks for a token as well: whose code it is cannot be told apart from whose token";
  return "no operation that may be called gives or sends such a code";
}

/** By the operation's id, since every hint asks. */
function reasonsOf(omitted: Offer["omitted"]): ReadonlyMap<string, string> {
  return new Map(omitted.map(({ operation, reason }) => [operation.id, reason]));
}

/** The first parameter of it, or of what makes its objects, that nothing fills. */
function whyUnmade({ operation }: Surveyed, found: Survey, seen: Set<string>): string | undefined {
  if (seen.has(operation.id)) return undefined;
  seen.add(operation.id);
  const { links, unlinked, operations } = once(found, bySurveyedId);
  const missing = unlinked.get(operation.id);
  if (missing) return `names {${missing.parameter}}: ${missing.reason}`;
  for (const { producer } of links.get(operation.id) ?? []) {
    const maker = operations.get(producer);
    const why = maker && whyUnmade(maker, found, seen);
    if (why !== undefined)
      return `${maker?.operation.method} ${maker?.template}, which makes what it names, ${why}`;
    if (maker?.operation.unfillable !== undefined)
      return `${maker.operation.method} ${maker.template}, which makes what it names, requires ${maker.operation.unfillable}`;
  }
  return undefined;
}
