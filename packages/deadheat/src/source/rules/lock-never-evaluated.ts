import { explain } from "./explain.ts";
import type { SourceRule } from "./rule.ts";

export const lockNeverEvaluated: SourceRule = {
  id: "lock-never-evaluated",
  weakness: "lost-update",
  title: "select_for_update() on a queryset that nobody reads",
  severity: "high",
  why: "Querysets are lazy: Order.objects.select_for_update().filter(pk=1) sends nothing to the database until its rows are asked for. As a statement of its own it locks nothing.",
  fix: "Ask for the row: Order.objects.select_for_update().get(pk=1).",
  never: ["a queryset that is read, returned or passed on"],
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
  },
};
