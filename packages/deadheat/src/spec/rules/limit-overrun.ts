import type { Operation } from "../../plan/operation.ts";
import type { Act, Candidate, Link } from "../../plan/plan.ts";
import { refusalOf, writesBeside } from "./beside.ts";
import { actsOf, isMutator, type SpecRule } from "./rule.ts";

/** An action on an object that a caller can create: how often may it be done? */
export const limitOverrun: SpecRule = {
  weakness: "limit-overrun",
  candidates(operation, all, objects) {
    if (!isMutator(operation)) return [];
    const refuses = operation.statuses.find((status) => ["409", "410", "422", "403", "400"].includes(status));
    const beside = refusalOf(operation, all) === undefined ? [] : writesBeside(operation, all);
    const sharing = beside.filter((one) => refusalOf(one, all) !== undefined);
    return actsOf(operation, all, objects).map((act) => ({
      weakness: "limit-overrun",
      act,
      ...rivalsUnder(act, sharing),
      severity: "high" as const,
      confidence: refuses && act.links.length > 0 ? ("medium" as const) : ("low" as const),
      reasons: [
        ...(act.links.length > 0 ? [`acts on an object made by ${makerOf(act.links.at(-1))}`] : []),
        ...(refuses ? [`documents a refusal: ${refuses}`] : []),
      ],
    }));
  },
};

function rivalsUnder({ scheme }: Act, sharing: readonly Operation[]): Pick<Candidate, "rivals"> {
  const rivals = sharing.filter((one) => one.bearer.includes(scheme));
  return rivals.length > 0 ? { rivals } : {};
}

function makerOf(link: Link | undefined): string {
  if (!link) return "nothing";
  return "recipe" in link ? `the recipe for ${link.parameter}` : `POST ${link.producer.path}`;
}
