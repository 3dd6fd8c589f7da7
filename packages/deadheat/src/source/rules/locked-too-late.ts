import { compatible, type Effect, isWrite, READS } from "../effects/effect.ts";
import type { Query } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { explain } from "./explain.ts";
import type { Candidate } from "./rule.ts";

/**
 * `stocks = Stock.objects.select_for_update()…`, `Allocation.objects.filter(stock__in=stocks)`, and only then `for stock in
 * stocks`: in the second query the first is a condition, which locks nothing. What was read by it was read before the lock.
 */
export function* lockedTooLate(effects: readonly Effect[]): Generator<Candidate> {
  for (const read of effects) {
    if (!READS.has(read.kind) || read.trail.length > 0 || !read.model) continue;
    const locked = read.query?.filters.map((one) => one.value).find(isLocked);
    if (!locked) continue;
    const isOf = ({ kind, query }: Effect) => READS.has(kind) && query !== undefined && isSame(query, locked);
    if (effects.some((one) => isOf(one) && one.seq < read.seq)) continue;
    const lock = effects.find((one) => isOf(one) && one.seq > read.seq && compatible(one.steps, read.steps));
    const write =
      lock && effects.find((one) => isWrite(one) && one.seq > lock.seq && sameModel(one.model, read.model));
    if (!lock || !write) continue;
    const found = explain(write, {
      message:
        "what this depends on is read before the lock: the queryset with select_for_update() was only a condition of that query",
      because: "a queryset locks its rows when it is read; as a condition of another query it locks none",
      protection: { coverage: "stale", lock },
      read: read.site,
      severity: "medium",
    });
    // Whatever its callers lock, it is not what is meant here: it shows where it is read.
    yield { ...found, at: read, site: write.trail[0] ?? write.site };
  }
}

function isLocked(value: unknown): value is Query {
  const query = value as Query;
  return query.kind === "query" && query.locked && query.lockSite !== undefined;
}

function isSame({ lockSite: one }: Query, { lockSite: other }: Query): boolean {
  return one !== undefined && one.fn === other?.fn && one.start === other.start;
}
