import { OracleError } from "../errors.ts";
import type { Model } from "../model.ts";
import { answerText, unknownInput } from "./unknown-input.ts";

export type LimitInput = { readonly type: "take" } | { readonly type: "read" };

/**
 * A thing that may be taken `k` times: a coupon, a seat, a one-time code (k = 1). A `take` is `ok` while
 * fewer than k took effect and `rejected` from then on; a `read` answers the number that took effect.
 * APIs that may refuse a take for other reasons (a lost lock, a rate limit) need `tolerant(limit(k))`.
 *
 * @param k how many takes may take effect; a whole number ≥ 0
 */
export function limit(k: number): Model<number, LimitInput, number | undefined> {
  if (!Number.isInteger(k) || k < 0)
    throw new OracleError("bad-option", `limit ${k} is not a whole number ≥ 0`);
  return {
    name: `limit-${k}`,
    init: () => 0,
    step(taken, input, response) {
      switch (input.type) {
        case "take":
          if (response?.outcome === "rejected") return taken >= k ? taken : undefined;
          return taken < k ? taken + 1 : undefined;
        case "read":
          if (response === undefined) return taken;
          return response.outcome === "ok" && response.output === taken ? taken : undefined;
        default:
          return unknownInput("limit", input);
      }
    },
    key: (taken) => taken,
    show: (taken) => `${taken} of ${k} taken`,
    pure: (input, response) => input.type === "read" || response.outcome === "rejected",
    // What was taken is never given back.
    foresee: () => ({
      expired: (taken, input, { outcome, output }) =>
        outcome === "ok" &&
        (input.type === "take" ? taken >= k : typeof output !== "number" || taken > output),
    }),
    describe: (input, response) => `${input.type} ${answerText(response)}`,
  };
}
