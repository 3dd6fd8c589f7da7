import { lastName } from "../../plan/names.ts";
import type { Operation, Slot } from "../../plan/operation.ts";
import { schemesNear } from "../schemes.ts";
import { looksLikeToken } from "../tokens.ts";
import type { SpecRule } from "./rule.ts";

/** What takes a refresh token and gives none: it ends it, or tells about it (RFC 7009, RFC 7662). */
const ENDS = /log-?out|sign-?out|sign-?off|revo(ke|cation)|invalidate|blacklist|introspect|verify/i;

/** An operation that gives new tokens for a refresh token: how many live successors can one have? */
export const refreshReuse: SpecRule = {
  weakness: "refresh-reuse",
  candidates(operation, all) {
    const slot = refreshSlot(operation);
    const { method, path, unfillable, pathParameters, words } = operation;
    if (!slot || method !== "POST" || unfillable !== undefined || pathParameters.length > 0) return [];
    if (ENDS.test(words) || (operation.leaves && !operation.leaves.some(looksLikeToken))) return [];
    const [scheme] = operation.bearer.length > 0 ? operation.bearer : schemesNear(path, all);
    if (scheme === undefined) return [];
    const gives = operation.leaves?.some((leaf) => /refresh/i.test(leaf.pointer));
    return [
      {
        weakness: "refresh-reuse",
        act: { operation, scheme, links: [], references: [], observers: [] },
        takes: slot,
        severity: "high" as const,
        confidence: gives ? ("high" as const) : ("medium" as const),
        reasons: [
          `takes a refresh token in ${slot.pointer}`,
          ...(gives ? ["answers with another refresh token"] : []),
        ],
      },
    ];
  },
};

/** Its own name, or that of the operation beside a place that is called a token. */
function refreshSlot({ body, words }: Operation): Slot | undefined {
  const texts = (body?.slots ?? []).filter((slot) => slot.type === "string" && !slot.fixed);
  return (
    texts.find((slot) => /refresh/i.test(slot.pointer)) ??
    (/refresh/i.test(words) ? texts.find((slot) => /^(token|jwt)$/i.test(lastName(slot.pointer))) : undefined)
  );
}
