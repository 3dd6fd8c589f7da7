import type { Effect } from "../effects/effect.ts";
import { compatible, sameTransaction } from "../effects/effect.ts";
import { locksOf } from "../effects/protection.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext, SourceRule, Writers } from "./rule.ts";

export const lockOrder: SourceRule = {
  id: "lock-order",
  weakness: "lock-order",
  title: "two functions lock the same tables in different orders",
  severity: "medium",
  why: "One holds a row of the first table and waits for the second; the other holds the second and waits for the first. The database ends one of them with a deadlock.",
  fix: "Choose one order for the project and keep to it everywhere.",
  never: ["the same order everywhere", "locks that are not held together", "a row that is locked once more"],
  examples: {
    racy: [
      `@transaction.atomic
def pay(a, b):
    order = Order.objects.select_for_update().get(pk=a)
    wallet = Wallet.objects.select_for_update().get(pk=b)

@transaction.atomic
def refund(a, b):
    wallet = Wallet.objects.select_for_update().get(pk=b)
    order = Order.objects.select_for_update().get(pk=a)
`,
    ],
    safe: [
      `@transaction.atomic
def pay(a, b):
    order = Order.objects.select_for_update().get(pk=a)
    wallet = Wallet.objects.select_for_update().get(pk=b)

@transaction.atomic
def refund(a, b):
    order = Order.objects.select_for_update().get(pk=a)
    wallet = Wallet.objects.select_for_update().get(pk=b)
`,
    ],
  },
  *find(context) {
    for (const [first, second] of pairsOf(context)) {
      // Far down in called functions, the two may never meet on the same rows.
      if (first.trail.length + second.trail.length > 2) continue;
      const decide = (writers: Writers) => {
        const opposite = writers.usesOf(`${second.model?.name}>${first.model?.name}`);
        const other = opposite.find((one) => one.fn !== context.analysis.fn);
        return other && candidate(first, second, other);
      };
      yield { at: second, decide };
    }
  },
};

function candidate(
  first: Effect,
  second: Effect,
  other: { readonly fn: { readonly qualified: string }; readonly site: Effect["site"] },
): Candidate {
  return explain(second, {
    message: `${first.model?.name} is locked before ${second.model?.name}; ${other.fn.qualified} does it the other way round`,
    because: "two requests can each hold what the other waits for",
    protection: { coverage: "none", lock: first },
    read: other.site,
    interleaving: [
      `A locks    ${first.model?.name}`,
      `B locks    ${second.model?.name}`,
      `A waits    for ${second.model?.name}`,
      `B waits    for ${first.model?.name}: deadlock`,
    ],
  });
}

/** Locks of different tables held together, in the order in which they are taken. */
export function* pairsOf({ effects }: Pick<RuleContext, "effects">): Generator<readonly [Effect, Effect]> {
  const locks = locksOf(effects).filter((one) => one.model && one.txns.length > 0);
  for (const [index, first] of locks.entries())
    for (const second of locks.slice(index + 1))
      if (
        first.model?.name !== second.model?.name &&
        sameTransaction(first.txns, second.txns) &&
        compatible(first.steps, second.steps) &&
        !locks.some((one) => one.seq < first.seq && holdsRowOf(one, second))
      )
        yield [first, second];
}

/** Nobody waits for a row that he holds already: every way to `later` leads past `lock`, which is on its row. */
function holdsRowOf(lock: Effect, later: Effect): boolean {
  return (
    lock.row !== undefined &&
    lock.row.key === later.row?.key &&
    sameTransaction(lock.txns, later.txns) &&
    lock.steps.every((one) => later.steps.includes(one))
  );
}
