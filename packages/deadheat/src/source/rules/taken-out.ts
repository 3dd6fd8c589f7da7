import type { Effect } from "../effects/effect.ts";
import { isHandedOut, rowDeleted } from "../effects/handed-out.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `job = Job.objects.order_by("pk").first(); job.delete(); return job.payload`, a queue in a table: two workers find the same
 * job first. The delete that finds nothing any more says so, and nobody looks.
 */
export function* takenOut({ effects, program }: RuleContext): Generator<Candidate> {
  for (const removal of effects) {
    if (removal.kind !== "delete" || removal.tested || !isHandedOut(removal)) continue;
    const row = rowDeleted(removal);
    if (!row?.fetch || !isNextInLine(row.fetch)) continue;
    const protection = protectionOf(effects, row, removal, program.models);
    if (protects(protection) || protects(queryProtection(effects, row.fetch, removal))) continue;
    const candidate = explain(removal, {
      message: "the first of some rows is deleted and handed on: two callers can both get it",
      protection,
      row,
      interleaving: [
        "A reads    the first row",
        "B reads    the same row: it is still there",
        "A deletes  it, and works on it",
        "B deletes  nothing, and works on it as well",
      ],
    });
    // In a caller it says that nothing there protects it.
    yield removal.trail.length === 0 ? candidate : { ...candidate, echo: true };
  }
}

/**
 * Whichever comes first, and not one that was asked for: `filter(cart=cart, item=item).first()` is a `get()` that finds
 * nothing without an exception.
 */
function isNextInLine({ name, site, query }: Effect): boolean {
  if (!/^(first|last|earliest|latest|\[0\])$/.test(name)) return false;
  const { fn, start, end } = site;
  const isOrdered =
    /^(earliest|latest)$/.test(name) || /\.order_by\(/.test(fn.module.source.text.slice(start, end));
  return isOrdered || (query?.filters.length === 0 && query.owner === undefined);
}
