import { type Effect, type Guard, READS } from "../effects/effect.ts";
import type { Site } from "../effects/values.ts";
import { explain } from "./explain.ts";
import { lockAskedWrong } from "./lock-asked-wrong.ts";
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
      `@transaction.atomic
def allocate(lines):
    stocks = Stock.objects.select_for_update().filter(line__in=lines)
    taken = list(Allocation.objects.filter(stock__in=stocks))
    for stock in stocks:
        check(stock, taken)
    Allocation.objects.create(stock=lines[0].stock)
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
  *find(context) {
    const { effects, guards } = context;
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
    yield* onlyUpdated(effects, guards);
    yield* lockAskedWrong(context);
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

/**
 * `rows = Node.objects.select_for_update().filter(pk=pk)`, then tests, then `rows.update(…)`: an `UPDATE` locks what it
 * changes, and what was looked at before it was not locked.
 */
function* onlyUpdated(effects: readonly Effect[], guards: readonly Guard[]): Generator<Candidate> {
  for (const update of effects) {
    const { lockSite, locked } = update.query ?? {};
    if (update.kind !== "update" || !lockSite || !locked) continue;
    if (lockSite.fn !== update.site.fn || !isNamedForIt(lockSite, update)) continue;
    const isCalled = update.trail.length > 0;
    const isBetween = ({ fn, start }: Site) =>
      fn === lockSite.fn && lockSite.end < start && start < update.site.start;
    if (!isCalled && !guards.some((one) => isBetween(one.site))) continue;
    const found = explain(update, {
      message: "the queryset with select_for_update() is only changed: until then nothing is locked",
      because: "what is tested in between is what was there before anybody waited",
      protection: { coverage: "none" },
      severity: "low",
    });
    yield isCalled ? { ...found, echo: true } : found;
  }
}

/** `rows = …`, and of `rows` nothing else is asked than to be changed. */
function isNamedForIt({ fn, start }: Site, { site }: Effect): boolean {
  const text = fn.text();
  const name = /(\w+)\s*=[^=\n]*$/.exec(text.slice(0, start - fn.start).replace(/[\s(]+$/, " "))?.[1];
  if (!name || !fn.module.source.text.startsWith(`${name}.`, site.start)) return false;
  return (text.match(new RegExp(`\\b${name}\\b`, "g")) ?? []).length === 2;
}
