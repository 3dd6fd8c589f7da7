import { compatible, type Effect, sameTransaction } from "../effects/effect.ts";
import { locksOf } from "../effects/protection.ts";
import type { Row } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { explain } from "./explain.ts";
import type { SourceRule } from "./rule.ts";

export const lockOrderRows: SourceRule = {
  id: "lock-order-rows",
  weakness: "lock-order",
  title: "two rows of one table are locked in the order in which they were given",
  severity: "medium",
  why: "A transfer from 1 to 2 holds 1 and waits for 2; a transfer from 2 to 1 holds 2 and waits for 1. The database ends one of them with a deadlock.",
  fix: 'Lock both in one order, whoever is which: Model.objects.select_for_update().filter(pk__in=[a, b]).order_by("pk"), read once.',
  never: [
    "rows locked by one ordered query",
    "a second row that is found through the first",
    "locks that are not held together",
  ],
  examples: {
    racy: [
      `@transaction.atomic
def transfer(source, target, amount):
    payer = Account.objects.select_for_update().get(pk=source)
    payee = Account.objects.select_for_update().get(pk=target)
    payer.balance -= amount
    payee.balance += amount
    payer.save()
    payee.save()
`,
    ],
    safe: [
      `@transaction.atomic
def transfer(source, target, amount):
    both = Account.objects.select_for_update().filter(pk__in=[source, target]).order_by("pk")
    accounts = {account.pk: account for account in both}
    Account.objects.filter(pk=source).update(balance=F("balance") - amount)
    Account.objects.filter(pk=target).update(balance=F("balance") + amount)
`,
      `@transaction.atomic
def close(pk):
    folder = Folder.objects.select_for_update().get(pk=pk)
    above = Folder.objects.select_for_update().get(pk=folder.parent_id)
    above.open = False
    above.save()
`,
      `@transaction.atomic
def transfer(source, target, amount):
    first, second = sorted([source, target])
    Account.objects.select_for_update().get(pk=first)
    Account.objects.select_for_update().get(pk=second)
    Account.objects.filter(pk=source).update(balance=F("balance") - amount)
    Account.objects.filter(pk=target).update(balance=F("balance") + amount)
`,
    ],
  },
  *find({ effects, analysis }) {
    if (SORTS.test(analysis.fn.text())) return;
    const locks = locksOf(effects).filter((one) => one.kind === "fetch" && givenFor(one) !== undefined);
    for (const [index, first] of locks.entries()) {
      const second = locks.slice(index + 1).find((one) => areTwo(first, one));
      if (!second) continue;
      yield explain(second, {
        message: `two rows of ${second.model?.name} are locked one after the other, in the order in which they were given`,
        because: "who gives them the other way round locks them the other way round",
        protection: { coverage: "none", lock: first },
        interleaving: [
          "A locks    the first of its two rows",
          "B locks    the second of A's: it is B's first",
          "A waits    for B's first",
          "B waits    for A's first: deadlock",
        ],
      });
      return;
    }
  },
};

/** Which of the two comes first is decided here: by sorting, or by comparing them. */
const SORTS = /\bsorted\(|\.sort\(|\b(min|max)\(|\bif\s+[\w.]+\s*[<>]=?\s*[\w.]+\s*:/;

function areTwo(first: Effect, second: Effect): boolean {
  const [one, other] = [givenFor(first), givenFor(second)];
  return (
    first.trail.length + second.trail.length <= 1 &&
    sameModel(first.model, second.model) &&
    sameTransaction(first.txns, second.txns) &&
    compatible(first.steps, second.steps) &&
    one !== undefined &&
    other !== undefined &&
    one.key !== other.key
  );
}

/** What a caller gave to find the row by: another caller may give it in the place of the other one. */
function givenFor({ query, model }: Effect): Row | undefined {
  const named = model && query?.filters.find((one) => /^(pk|id|number|code)(__exact)?$/.test(one.lookup));
  if (named?.value.kind !== "row") return undefined;
  let from = named.value;
  while (from.parent && from.parent.row !== from) from = from.parent.row;
  return from.origin === "parameter" && from.parameter !== "self" ? named.value : undefined;
}
