import { type Effect, precedes } from "../effects/effect.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { sameModel } from "../project/model.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `rows.filter(default=True).update(default=False)`, then `row.default = True; row.save()`: the flag that one of them has
 * is taken from the others, then given to this one. Two requests take it from all that had it, and both give it.
 */
export function* flagMoved({ effects, program: { models } }: RuleContext): Generator<Candidate> {
  for (const give of effects) {
    const { row } = give;
    if (give.kind !== "save" || !row || row.origin === "new") continue;
    const take = effects.find((one) => one.kind === "update" && precedes(one, give) && takes(one, give));
    const column = take && flagOf(take, give);
    if (!take || !column || !isOfOthers(take, column)) continue;
    // Conditional constraints are there for such a flag.
    if (row.model && models.uniqueSets(row.model).some((one) => one.conditional)) continue;
    if (protects(queryProtection(effects, take, give)) || protects(protectionOf(effects, row, give, models)))
      continue;
    yield explain(give, {
      message: `${column} is taken from the others, then given to this row: two requests leave it with both`,
      protection: { coverage: give.txns.length > 0 ? "atomic" : "none" },
      read: take.site,
      row,
      severity: "low",
    });
  }
}

function takes(take: Effect, give: Effect): boolean {
  const { row } = give;
  const filters = take.query?.filters ?? [];
  // By its key: one row, and no siblings.
  if (!row || filters.some((one) => !one.exclude && /^(pk|id)(__exact)?$/.test(one.lookup))) return false;
  if (row.model) return sameModel(take.model, row.model);
  // Its table is not known: those that share something with it are its siblings.
  return filters.some(
    ({ value, exclude }) => !exclude && value.kind === "row" && value.parent?.row.key === row.key,
  );
}

/** Of those that have it, or of all but this one. */
function isOfOthers({ query }: Effect, column: string): boolean {
  return (query?.filters ?? []).some(({ lookup, exclude }) =>
    exclude ? /^(pk|id)$/.test(lookup) : lookup === column,
  );
}

/** The column that is set to one truth there and to the other one here. */
function flagOf(take: Effect, give: Effect): string | undefined {
  return [...(take.fields?.keys() ?? [])].find((name) => {
    const [taken, given] = [truthIn(take, name), truthIn(give, name)];
    return taken !== undefined && given === !taken;
  });
}

function truthIn({ fields }: Effect, name: string): boolean | undefined {
  const value = fields?.get(name)?.value;
  return value?.kind === "scalar" && typeof value.literal === "boolean" ? value.literal : undefined;
}
