import type { Effect } from "../effects/effect.ts";
import { READS } from "../effects/run.ts";
import { explain } from "./explain.ts";
import { lockedTooLate } from "./locked-too-late.ts";
import type { Candidate, SourceRule } from "./rule.ts";

export const lockNeverEvaluated: SourceRule = {
  id: "lock-never-evaluated",
  weakness: "lost-update",
  title: "select_for_update() on a queryset that nobody reads",
  severity: "high",
  why: "Querysets are lazy: Order.objects.select_for_update().filter(pk=1) sends nothing to the database until its rows are asked for. As a statement of its own it locks nothing.",
  fix: "Ask for the row: Order.objects.select_for_update().get(pk=1).",
  never: ["a queryset that is read, returned or passed on", "`exists()`: it locks the one row that it finds"],
  examples: {
    racy: [
      `@transaction.atomic
def pay(order):
    Order.objects.select_for_update().filter(pk=order.pk)
    order.paid = True
    order.save()
`,
      `@transaction.atomic
def close(orders):
    locked = Order.objects.select_for_update().filter(pk__in=[one.pk for one in orders])
    Order.objects.bulk_update(orders, ["closed"])
`,
      `@transaction.atomic
def close(day):
    rows = Order.objects.select_for_update().filter(day=day)
    if rows.count() > 0:
        Report.objects.create(day=day)
        rows.update(reported=True)
`,
      `def next_number(year):
    trips = Trip.objects.select_for_update().filter(year=year)
    trips.values_list("id")
    last = trips.order_by("number").last()
    return last.number + 1 if last else 1
`,
      `class JobManager(models.Manager):
    def due(self):
        jobs = self.select_for_update()
        jobs = self.filter(due__lte=timezone.now())
        return jobs
`,
    ],
    safe: [
      `@transaction.atomic
def pay(order):
    order = Order.objects.select_for_update().get(pk=order.pk)
    order.paid = True
    order.save()
`,
      `@transaction.atomic
def close(pks):
    locked = Order.objects.select_for_update().filter(pk__in=pks)
    for order in locked:
        order.close()
`,
      `@transaction.atomic
def close(day):
    rows = Order.objects.select_for_update().filter(day=day)
    if len(rows) > 0:
        Report.objects.create(day=day)
        rows.update(reported=True)
`,
      `@transaction.atomic
def close(pks):
    locked = Order.objects.select_for_update().filter(pk__in=pks)
    locked.select_related("user")
    for order in locked:
        order.close()
`,
      `@transaction.atomic
def pay(order):
    list(Order.objects.select_for_update().filter(pk=order.pk))
    order.refresh_from_db()
    order.paid = True
    order.save()
`,
    ],
  },
  *find({ effects }) {
    for (const effect of effects) {
      if (effect.kind !== "command" || effect.name !== "unread-lock") continue;
      yield explain(effect, {
        message: "the queryset with select_for_update() is never read: nothing is locked",
        because: "a queryset sends nothing until its rows are asked for",
        protection: { coverage: "none" },
        confidence: "high",
      });
    }
    yield* onlyCounted(effects);
    yield* lockedTooLate(effects);
  },
};

/** `if rows.count(): …; rows.update(…)`: counting and updating take no lock, and nothing else asks for the rows. */
function* onlyCounted(effects: readonly Effect[]): Generator<Candidate> {
  for (const count of effects) {
    const { lockSite } = count.query ?? {};
    if (!/^(count|aggregate)$/.test(count.kind) || !lockSite || count.query?.locked) continue;
    const isOf = ({ query }: Effect) =>
      query?.lockSite?.start === lockSite.start && query.lockSite.fn === lockSite.fn;
    const isChanged = effects.some((one) => /^(update|delete)$/.test(one.kind) && isOf(one));
    if (!isChanged || effects.some((one) => READS.has(one.kind) && one.query?.locked && isOf(one))) continue;
    const found = explain(count, {
      message:
        "the queryset with select_for_update() is counted and changed, but never read: nothing is locked",
      because: "count() and aggregate() take the lock off the query they send",
      protection: { coverage: "none" },
      confidence: "high",
    });
    // Whatever its callers lock, it is not what is meant here.
    yield count.trail.length > 0 ? { ...found, echo: true } : found;
  }
}
