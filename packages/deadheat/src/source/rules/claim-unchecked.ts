import { compatible } from "../effects/effect.ts";
import { columnOf } from "../effects/values.ts";
import { explain } from "./explain.ts";
import { isAct } from "./gaps.ts";
import type { SourceRule } from "./rule.ts";

export const claimUnchecked: SourceRule = {
  id: "claim-unchecked",
  weakness: "limit-overrun",
  title: "a conditional update whose row count nobody looks at",
  severity: "medium",
  why: "filter(state=OLD).update(state=NEW) lets one request win. Who does not look at the row count goes on as if it had won.",
  fix: "if Model.objects.filter(pk=pk, state=OLD).update(state=NEW) != 1: stop.",
  never: ["an update whose count is tested", "an update that nothing follows"],
  examples: {
    racy: [
      `def pay(request, pk):
    order = Order.objects.get(pk=pk)
    Order.objects.filter(pk=order.pk, status="open").update(status="paid")
    Receipt.objects.create(order=order)
`,
    ],
    safe: [
      `def pay(request, pk):
    order = Order.objects.get(pk=pk)
    if not Order.objects.filter(pk=order.pk, status="open").update(status="paid"):
        return HttpResponse(status=409)
    Receipt.objects.create(order=order)
`,
    ],
  },
  *find({ effects }) {
    for (const claim of effects) {
      if (claim.kind !== "update" || claim.tested || claim.locks.length > 0) continue;
      const filters = claim.query?.filters ?? [];
      if (!filters.some((one) => /^(pk|id)$/.test(one.lookup))) continue;
      const column = [...(claim.fields?.keys() ?? [])].find((name) =>
        filters.some((one) => columnOf(one.lookup.split("__")[0] as string) === columnOf(name)),
      );
      if (!column || effects.some((one) => one.query?.locked && one.seq < claim.seq)) continue;
      const act = effects.find(
        (one) =>
          one.seq > claim.seq &&
          isAct(one, claim) &&
          compatible(one.steps, claim.steps) &&
          (one.kind === "create" || one.kind === "external"),
      );
      if (!act) continue;
      yield explain(claim, {
        message: `who loses the race for ${column} is not told: its row count is not looked at`,
        because: "the update is conditional, but what follows is not",
        protection: { coverage: "none" },
        also: [act],
        confidence: "medium",
      });
    }
  },
};
