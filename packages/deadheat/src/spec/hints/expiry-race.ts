import { namesEnd } from "../../plan/names.ts";
import { actUnder } from "./guarded.ts";
import type { HintRule } from "./hint.ts";

/** A login that says when its token ends, against a change that is made under it. */
export const expiryRace: HintRule = {
  weakness: "expiry-race",
  hints(one, view) {
    if (one.lifecycle?.lifecycle !== "login") return [];
    const end = one.gives?.find(
      (field) => field.depth <= 3 && (namesEnd(field.pointer) || field.plain === "ttl"),
    );
    const act = end && actUnder(one, view);
    if (!end || !act) return [];
    return [
      {
        weakness: "expiry-race",
        operations: [act, one],
        severity: "medium",
        confidence: "medium",
        reasons: [`${one.operation.method} ${one.template} tells when its token ends: ${end.pointer}`],
      },
    ];
  },
};
