import type { HintRule } from "./hint.ts";

/** Tokens that say for themselves what they allow: told once for each security scheme, at the first read under it. */
export const tokenUnverified: HintRule = {
  weakness: "token-unverified",
  hints(one, view) {
    return [...view.jwtReads]
      .filter(([, read]) => read === one)
      .map(([scheme]) => ({
        weakness: "token-unverified",
        operations: [one],
        severity: "high" as const,
        confidence: "medium" as const,
        reasons: [
          `tokens of ${scheme} are JSON Web Tokens: their signature and their claims have to be checked`,
        ],
      }));
  },
};
