import { candidatesOf } from "./gap-rule.ts";
import type { SourceRule } from "./rule.ts";

export const jsonInPython: SourceRule = {
  id: "json-in-python",
  weakness: "lost-update",
  title: "a part of a JSON or list column is changed in Python, and the whole column saved",
  severity: "medium",
  why: "The column is one value to the database. Two requests that change different keys each write the whole document, and the second takes back what the first did.",
  fix: "Lock the row with select_for_update() inside transaction.atomic() before the document is read, or merge in the database (a jsonb concatenation in update()).",
  never: ["a row read under a lock in the transaction that saves it", "a merge by the database"],
  examples: {
    racy: [
      `def tag(request, pk):
    order = Order.objects.get(pk=pk)
    order.metadata["seen"] = True
    order.save(update_fields=["metadata"])
`,
      `def tag(request, pk):
    order = Order.objects.get(pk=pk)
    order.labels.append(request.POST["label"])
    order.save()
`,
    ],
    safe: [
      `def tag(request, pk):
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=pk)
        order.metadata["seen"] = True
        order.save(update_fields=["metadata"])
`,
      `def tag(request, pk):
    order = Order.objects.get(pk=pk)
    order.metadata["seen"] = True
    return JsonResponse(order.metadata)
`,
    ],
  },
  *find(context) {
    yield* candidatesOf(
      context,
      ["none"],
      ["document"],
      ({ column }) =>
        `${column} is changed in place and saved whole: what another request put into it meanwhile is lost`,
    );
  },
};
