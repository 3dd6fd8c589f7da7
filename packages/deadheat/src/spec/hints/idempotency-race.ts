import { idempotencyKeyOf } from "../facts/idempotency.ts";
import type { HintRule } from "./hint.ts";

/** Fewer than this are told of each. */
const FEW = 3;

/**
 * Takes a key under which the same request twice is to have one effect. One mechanism serves all of an API: where many
 * operations take one, those that make something stand for them.
 */
export const idempotencyRace: HintRule = {
  weakness: "idempotency-race",
  hints(one, view) {
    const key = idempotencyKeyOf(one);
    if (!key || one.kind === "read") return [];
    const most = Math.max(FEW, Math.floor(view.all.length / 10));
    const others = view.keyed.length - most;
    if (view.keyed.indexOf(one) >= most) return [];
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
