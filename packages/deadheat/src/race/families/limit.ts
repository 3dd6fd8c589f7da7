import { gaugeName } from "../observe.ts";
import { delta, type Family } from "./family.ts";

const FEWEST_REFUSALS = 2;

/** An action that takes effect k times on one object and is refused, without effect, from then on. */
export const limit: Family = {
  name: "limit",
  fit({ calls, gauges }) {
    const allowed = calls.findIndex((call) => call.outcome !== "ok");
    if (allowed < 1) return undefined;
    const refused = calls.slice(allowed);
    if (refused.length < FEWEST_REFUSALS || refused.some((call) => call.outcome !== "rejected"))
      return undefined;
    for (const [key, gauge] of gauges) {
      const unit = calls[0] && delta(calls[0], key);
      if (!unit) continue;
      const steady = calls.slice(0, allowed).every((call) => delta(call, key) === unit);
      if (!steady || refused.some((call) => delta(call, key) !== 0)) continue;
      return {
        family: "limit",
        gauge,
        limit: allowed,
        effectOf: () => unit,
        words: `allowed ${allowed === 1 ? "once" : `${allowed} times`}, adds ${unit} to ${gaugeName(gauge)}`,
      };
    }
    return undefined;
  },
};
