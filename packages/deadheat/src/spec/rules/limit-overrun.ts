import type { Link } from "../../plan/plan.ts";
import { actsOf, isMutator, type SpecRule } from "./rule.ts";

/** An action on an object that a caller can create: how often may it be done? */
export const limitOverrun: SpecRule = {
  weakness: "limit-overrun",
  candidates(operation, all, objects) {
    if (!isMutator(operation)) return [];
    const refuses = operation.statuses.find((status) => ["409", "410", "422", "403", "400"].includes(status));
    return actsOf(operation, all, objects).map((act) => ({
      weakness: "limit-overrun",
      act,
      severity: "high" as const,
      confidence: refuses && act.links.length > 0 ? ("medium" as const) : ("low" as const),
      reasons: [
        ...(act.links.length > 0 ? [`acts on an object made by ${makerOf(act.links.at(-1))}`] : []),
        ...(refuses ? [`documents a refusal: ${refuses}`] : []),
      ],
    }));
  },
};

function makerOf(link: Link | undefined): string {
  if (!link) return "nothing";
  return "recipe" in link ? `the recipe for ${link.parameter}` : `POST ${link.producer.path}`;
}
