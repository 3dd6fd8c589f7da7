import { candidatesOf } from "./gap-rule.ts";
import type { SourceRule } from "./rule.ts";

export const validationOutside: SourceRule = {
  id: "validation-outside-transaction",
  weakness: "limit-overrun",
  title: "validated before the transaction, written inside it",
  severity: "medium",
  why: "The condition was true when it was tested. By the time the transaction begins another request may have changed the row, and nothing tests again.",
  fix: "Inside the transaction, read the row again with select_for_update() and test that one; the early test may stay for a quick answer.",
  never: ["a second test on the locked row, inside the transaction"],
  examples: {
    racy: [
      `def cancel(request, pk):
    order = Order.objects.get(pk=pk)
    if order.status == "cancelled":
        return HttpResponse(status=409)
    with transaction.atomic():
        order.status = "cancelled"
        order.save()
        Refund.objects.create(order=order)
`,
    ],
    safe: [
      `def cancel(request, pk):
    order = Order.objects.get(pk=pk)
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order.pk)
        if order.status == "cancelled":
            return HttpResponse(status=409)
        order.status = "cancelled"
        order.save()
        Refund.objects.create(order=order)
`,
    ],
  },
  *find(context) {
    yield* candidatesOf(
      context,
      ["none", "atomic"],
      ["state"],
      ({ column }) =>
        `${column} is tested before the transaction and changed inside it, without a second test`,
      (gap) => gap.testedOutside,
    );
  },
};
