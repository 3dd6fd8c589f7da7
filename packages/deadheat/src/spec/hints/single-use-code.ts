import type { HintRule } from "./hint.ts";

/** Takes a code that is good once. */
export const singleUseCode: HintRule = {
  weakness: "single-use-code",
  hints(one) {
    if (one.lifecycle?.lifecycle !== "one-time-code") return [];
    const [first = "", ...more] = one.lifecycle.evidence;
    // Who asks for a code spends none.
    if (!first.startsWith("takes")) return [];
    return [
      {
        weakness: "single-use-code",
        operations: [one],
        severity: "high",
        confidence: first.includes("path") || first.includes("query") ? "medium" : "high",
        reasons: [first, ...more],
      },
    ];
  },
};
