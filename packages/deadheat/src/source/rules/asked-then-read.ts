import { precedes } from "../effects/effect.ts";
import { keyOf } from "../effects/scalars.ts";
import type { Query } from "../effects/values.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `if not jobs.exists(): return`, then `jobs[0]` or `jobs.get()`, which asks again: deleted in between, it is an error that
 * the question was to prevent. `jobs.first()` is both in one.
 */
export function* askedThenRead({ effects }: RuleContext): Generator<Candidate> {
  for (const read of effects) {
    if (read.kind !== "fetch" || read.trail.length > 0 || !RAISES.test(read.name)) continue;
    if (read.query?.locked || read.handlers.some((one) => TAKES.test(one))) continue;
    const asked = effects.find(
      (one) =>
        one.kind === "exists" &&
        one.name !== "hasattr" &&
        one.trail.length === 0 &&
        precedes(one, read) &&
        one.model !== undefined &&
        one.model === read.model &&
        isAskedTheSame(one.query, read.query),
    );
    const test = asked && read.guards.find(({ missing }) => missing.has(asked));
    if (!asked || !test || read.locks.length > 0) continue;
    yield explain(read, {
      message: "whether there is a row is asked, then it is read: deleted in between, the read fails",
      because: "the question and the read are two queries, and the error of the second is not handled",
      protection: { coverage: "none" },
      read: asked.site,
      test,
      severity: "low",
      about: `read ${asked.site.start}`,
      interleaving: ["A asks     whether there is one: yes", "B deletes  it", "A reads    it, and fails"],
    });
  }
}

/** What raises where there is none. */
const RAISES = /^(get|earliest|latest|\[0\])$/;

const TAKES = /(DoesNotExist|IndexError|Http404|Exception|LookupError)$/;

/** The same table, the same filters. */
function isAskedTheSame(one: Query | undefined, other: Query | undefined): boolean {
  if (!one || !other || one.filters.length === 0 || one.filters.length !== other.filters.length) return false;
  if (one.owner?.row.key !== other.owner?.row.key || one.owner?.name !== other.owner?.name) return false;
  return one.filters.every(({ lookup, value, exclude }, at) => {
    const same = other.filters[at]!;
    return same.lookup === lookup && same.exclude === exclude && keyOf(same.value) === keyOf(value);
  });
}
