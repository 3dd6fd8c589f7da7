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

/**
 * `job = Job.objects.order_by("pk").first(); job.delete(); return job.payload`: what the row held goes to whoever asked,
 * and to a second one who has found the same row.
 */
export function noteTakenOut(effects: readonly Effect[], results: readonly Value[]): void {
  for (const one of effects) {
    const row = one.kind === "delete" ? rowDeleted(one) : undefined;
    if (row?.fetch && results.some((result) => holds(result, row, 0) || isOf(result, row)))
      Object.assign(one, { handsOut: true });
  }
}

/** The row of `row.delete()`, and of `filter(pk=row.pk).delete()`. */
export function rowDeleted({ row, query }: Effect): Row | undefined {
  if (row) return row;
  const [only, ...more] = query?.filters ?? [];
  if (!only || more.length > 0 || only.exclude || !/^(pk|id)(__exact)?$/.test(only.lookup)) return undefined;
  const { value } = only;
  return value.kind === "row" && /^(pk|id)$/.test(value.parent?.name ?? "") ? value.parent?.row : undefined;
}

/** Computed from a column of it. */
function isOf(value: Value, row: Row): boolean {
  if (value.kind === "tuple" && value.items.some((one) => isOf(one, row))) return true;
  return value.deps.some((one) => one.kind === "field" && one.row.key === row.key);
}

/** Handed out by the function that writes or deletes it, wherever that one is called from. */
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
