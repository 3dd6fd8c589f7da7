import { type Effect, sameTransaction } from "../effects/effect.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { actsAfter } from "./acts.ts";
import type { Gap } from "./gap.ts";
import { readModifyWrites, recomputed, updatesFromRead } from "./read-modify-write.ts";
import type { RuleContext } from "./rule.ts";

/** Columns given a value that was computed from what was read of the row. */
export function* computed({ effects, program }: RuleContext): Generator<Gap> {
  for (const { write, assigned, atom, kind, row } of [
    ...readModifyWrites(effects),
    ...updatesFromRead(effects),
  ]) {
    const protection = protectionOf(effects, atom.row, write, program.models);
    if (protects(protection) || isWrittenBefore(effects, write)) continue;
    const acts = actsAfter(effects, write, undefined);
    yield {
      kind,
      write,
      row,
      column: assigned.name,
      protection,
      read: atom,
      acts,
      assignedAt: assigned.site,
      testedOutside: false,
    };
  }
}

/** All its columns were written before, in the same transaction: the row is locked, and holds what the object holds. */
function isWrittenBefore(effects: readonly Effect[], write: Effect): boolean {
  return effects.some(
    (one) =>
      one.kind === "save" &&
      one.seq < write.seq &&
      one.columns === undefined &&
      one.row !== undefined &&
      one.row.key === write.row?.key &&
      sameTransaction(one.txns, write.txns) &&
      one.steps.every((step) =>
        write.steps.some((own) => own.branch === step.branch && own.arm === step.arm),
      ),
  );
}

/** `order.total = order.lines.aggregate(…)`: what a query over the row's children said, written to the row. */
export function* answered({ effects, program }: RuleContext): Generator<Gap> {
  for (const { write, assigned, read, row } of recomputed(effects)) {
    const protection = protectionOf(effects, row, write, program.models);
    // The object may be old: what is stored comes from the query, and that one is asked under the lock.
    const { coverage, lock } = protection;
    if (coverage === "stale") continue;
    // Locked only when the answer was there: whoever waited for the lock writes what was true before the wait. (What a
    // called function looks at may be asked again there, under the lock that it was given.)
    const isLate =
      coverage === "locked" && lock !== undefined && lock.seq > read.seq && read.trail.length === 0;
    if ((protects(protection) && !isLate) || protects(queryProtection(effects, read, write))) continue;
    yield {
      kind: "recomputed",
      write,
      row,
      column: assigned.name,
      protection: isLate ? { coverage: "stale", lock } : protection,
      readAt: read.site,
      acts: [],
      assignedAt: assigned.site,
      testedOutside: false,
    };
  }
}
