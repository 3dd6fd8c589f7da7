import type { Effect } from "./effect.ts";
import type { Row, Value } from "./values.ts";

/**
 * `for job in free: job.taken = now(); job.save(); batch.append(job.pk)`, and the batch is returned: who gets it works on
 * it, and so does a second one who found the same rows free.
 */
export function noteHandedOut(effects: readonly Effect[], result: Value | undefined): void {
  if (result?.kind !== "tuple") return;
  for (const one of effects)
    if (one.kind === "save" && one.row?.origin === "element" && holds(result, one.row, 0))
      Object.assign(one, { handsOut: true });
}

/** Handed out by the function that writes it, wherever that one is called from. */
export function isHandedOut(write: Effect): boolean {
  return write.handsOut === true || (write.origin !== undefined && isHandedOut(write.origin));
}

const DEEPEST = 3;

function holds(value: Value, row: Row, depth: number): boolean {
  if (depth > DEEPEST) return false;
  if (value.kind === "tuple") return value.items.some((one) => holds(one, row, depth + 1));
  if (value.kind !== "row") return false;
  const isSame = value === row || (value.fetch !== undefined && value.fetch === row.fetch);
  return isSame || (value.parent !== undefined && holds(value.parent.row, row, depth + 1));
}
