import { idempotencyKeyOf } from "../facts/idempotency.ts";
import type { HintRule } from "./hint.ts";

/** Takes a key under which the same request twice is to have one effect. */
export const idempotencyRace: HintRule = {
  weakness: "idempotency-race",
  hints(one, view) {
    const key = idempotencyKeyOf(one);
    if (!key || !view.keyed.told.has(one)) return [];
    const { others } = view.keyed;
    return [
      {
        weakness: "idempotency-race",
        operations: [one],
        severity: "high",
        confidence: key.header ? "high" : "medium",
        reasons: [
          key.header ? "takes the header Idempotency-Key" : `takes ${key.pointer}`,
          ...(others > 0 ? [`${others} more operations do, and are not told of`] : []),
        ],
        ...(key.header
          ? {}
          : { unraceable: "its key stands in the body, and a scan repeats keys in headers only" }),
      },
    ];
  },
};
