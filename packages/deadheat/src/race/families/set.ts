import { gaugeName } from "../observe.ts";
import { delta, type Family } from "./family.ts";

/**
 * Entries that are told apart by a text of the body: a text that is in is refused, or acknowledged without
 * effect; another one is taken. `others` are calls with texts that were not sent before.
 */
export const set: Family = {
  name: "set",
  fit({ calls, others = [], gauges }) {
    const [first, ...repeated] = calls;
    if (!first || repeated.length === 0 || others.length === 0) return undefined;
    for (const [key, gauge] of gauges) {
      if (gauge.text || delta(first, key) !== 1 || first.outcome !== "ok") continue;
      if (repeated.some((call) => delta(call, key) !== 0 || call.outcome === "other")) continue;
      if (others.some((call) => delta(call, key) !== 1 || call.outcome !== "ok")) continue;
      return {
        family: "set",
        gauge,
        limit: 1,
        ...(repeated.some((call) => call.outcome === "ok") ? { forgiving: true } : {}),
        does: "add it",
        effectOf: () => 1,
        words: `takes the same text once, adds 1 to ${gaugeName(gauge)}`,
      };
    }
    return undefined;
  },
};
