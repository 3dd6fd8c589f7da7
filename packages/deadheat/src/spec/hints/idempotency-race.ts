import { controlsOf } from "../facts/controls.ts";
import { changesState, type HintRule } from "./hint.ts";

/** Takes a key under which the same request twice is to have one effect. */
export const idempotencyRace: HintRule = {
  weakness: "idempotency-race",
  hints(one) {
    if (!changesState(one)) return [];
    const inBody = one.takes.find(
      (field) => field.depth <= 2 && /^idempotency(key|token)$/.test(field.plain),
    );
    const inHeader = controlsOf(one).idempotencyKey;
    if (!inHeader && !inBody) return [];
    return [
      {
        weakness: "idempotency-race",
        operations: [one],
        severity: "high",
        confidence: inHeader ? "high" : "medium",
        reasons: [inHeader ? "takes the header Idempotency-Key" : `takes ${inBody?.pointer}`],
        ...(inHeader
          ? {}
          : { unraceable: "its key stands in the body, and a scan repeats keys in headers only" }),
      },
    ];
  },
};
