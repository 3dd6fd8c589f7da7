import type { Carrier } from "../../plan/plan.ts";
import { refreshCarrier } from "../refresh.ts";
import { schemesNear } from "../schemes.ts";
import type { SpecRule } from "./rule.ts";

/** An operation that gives new tokens for a refresh token: how many live successors can one have? */
export const refreshReuse: SpecRule = {
  weakness: "refresh-reuse",
  candidates(operation, all) {
    const takes = refreshCarrier(operation);
    if (!takes) return [];
    const [scheme] = operation.bearer.length > 0 ? operation.bearer : schemesNear(operation.path, all);
    if (scheme === undefined) return [];
    const gives = operation.leaves?.some((leaf) => /refresh/i.test(leaf.pointer));
    return [
      {
        weakness: "refresh-reuse",
        act: { operation, scheme, links: [], references: [], observers: [] },
        takes,
        severity: "high" as const,
        confidence: gives ? ("high" as const) : ("medium" as const),
        reasons: [
          `takes a refresh token ${placeOf(takes)}`,
          ...(gives ? ["answers with another refresh token"] : []),
        ],
      },
    ];
  },
};

function placeOf(takes: Carrier): string {
  if ("slot" in takes) return `in ${takes.slot.pointer}`;
  return "header" in takes ? `in the header ${takes.header}` : "where others take an access token";
}
