import { actUnder } from "./guarded.ts";
import type { HintRule } from "./hint.ts";

/** An end of tokens, against a change that is made under one. */
export const revocationRace: HintRule = {
  weakness: "revocation-race",
  hints(one, view) {
    const part = one.lifecycle?.lifecycle;
    if (part !== "revoke" && part !== "password") return [];
    // An access token may rightly outlive the refresh token that it came with (RFC 7009 §2.1).
    if (one.operation.open && one.takes.some((field) => /^refresh/.test(field.plain))) return [];
    const act = actUnder(one, view);
    if (!act) return [];
    return [
      {
        weakness: "revocation-race",
        operations: [act, one],
        severity: "high",
        confidence: part === "revoke" ? "high" : "medium",
        reasons: [
          part === "revoke"
            ? `${one.operation.method} ${one.template} ends tokens: ${one.lifecycle?.evidence.join(", ")}`
            : `${one.operation.method} ${one.template} changes the password, and tokens should end with it`,
          `${act.operation.method} ${act.template} changes state under one`,
        ],
      },
    ];
  },
};
