import type { HintRule } from "./hint.ts";

/** Gives new tokens for an older one. */
export const refreshReuse: HintRule = {
  weakness: "refresh-reuse",
  hints(one) {
    if (one.lifecycle?.lifecycle !== "refresh") return [];
    const another = one.gives?.find((field) => /refresh/.test(field.plain));
    return [
      {
        weakness: "refresh-reuse",
        operations: [one],
        severity: "high",
        confidence: another ? "high" : "medium",
        reasons: [
          ...one.lifecycle.evidence,
          ...(another ? [`answers with another one: ${another.pointer}`] : []),
        ],
      },
    ];
  },
};
