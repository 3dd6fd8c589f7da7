import type { Evidence, RecordedCall } from "../../findings/evidence.ts";

/**
 * The evidence of one finding as it stands in a page: the requests of a burst are often equal, so that each is there
 * once, and calls name it by its place.
 */
export interface EvidenceBlock {
  readonly shared: readonly unknown[];
  readonly evidence: readonly unknown[];
}

const SHARED = ["request", "answer", "input"] as const;

export function evidenceBlock(evidence: readonly Evidence[]): EvidenceBlock {
  const places = new Map<string, number>();
  const shared: unknown[] = [];
  const placeOf = (value: unknown): number => {
    const text = JSON.stringify(value);
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, shared.length);
    return shared.push(value) - 1;
  };
  const pack = (call: RecordedCall) => ({
    ...call,
    ...Object.fromEntries(
      SHARED.flatMap((name) => (call[name] === undefined ? [] : [[name, placeOf(call[name])]])),
    ),
  });
  return {
    evidence: evidence.map((one) =>
      one.kind === "runtime" && one.form === "history" ? { ...one, history: one.history.map(pack) } : one,
    ),
    shared,
  };
}
