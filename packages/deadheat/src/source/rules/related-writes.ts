import { type Effect, precedes } from "../effects/effect.ts";
import { explain } from "./explain.ts";
import type { SourceRule } from "./rule.ts";

export const relatedWrites: SourceRule = {
  id: "related-writes-without-transaction",
  weakness: "missing-transaction",
  title: "two writes that belong together, in no transaction",
  severity: "low",
  why: "Others see the state after the first write and before the second; a failure in between leaves it for good.",
  fix: "Put both into one transaction.atomic() block.",
  never: ["a caller's transaction", "ATOMIC_REQUESTS", "writes that do not depend on one another"],
  examples: {
    racy: [
      `def ship(request, pk):
    order = Order.objects.get(pk=pk)
    order.status = "shipped"
    order.save(update_fields=["status"])
    Shipment.objects.create(order=order, number=order.number)
`,
    ],
    safe: [
      `@transaction.atomic
def ship(request, pk):
    order = Order.objects.get(pk=pk)
    order.status = "shipped"
    order.save(update_fields=["status"])
    Shipment.objects.create(order=order, number=order.number)
`,
    ],
  },
  *find({ effects }) {
    for (const first of effects) {
      if (
        first.kind !== "save" ||
        !first.row ||
        first.txns.length > 0 ||
        first.trail.length > 0 ||
        first.row.origin === "new"
      )
        continue;
      const second = effects.find(
        (one) =>
          one.kind === "create" &&
          one.trail.length === 0 &&
          precedes(first, one) &&
          one.txns.length === 0 &&
          dependsOnRow(one, first),
      );
      if (!second) continue;
      yield explain(second, {
        message: "a row is changed and one that belongs to it is made, in no transaction",
        because: "each statement commits by itself",
        protection: { coverage: "none" },
        also: [first],
        interleaving: [
          "A writes   the first",
          "B reads    the first without the second",
          "A writes   the second, or fails",
        ],
      });
      return;
    }
  },
};

function dependsOnRow(create: Effect, save: Effect): boolean {
  if (create.query?.owner?.row.key === save.row?.key) return true;
  const values = [...(create.fields?.values() ?? [])].map((one) => one.value);
  return values.some((one) => one.kind === "row" && one.key === save.row?.key);
}
