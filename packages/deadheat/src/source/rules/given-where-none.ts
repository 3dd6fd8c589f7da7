import { type Effect, precedes } from "../effects/effect.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { type Assigned, columnOf } from "../effects/values.ts";
import type { UniqueSet } from "../project/model.ts";
import { isIntegrityHandled } from "./creation.ts";
import { explain } from "./explain.ts";
import { isWritten } from "./read-modify-write.ts";
import type { Candidate, RuleContext, Severity } from "./rule.ts";

/**
 * `if not Address.objects.filter(user=self.user, default=True).exists(): self.default = True`, and the row is saved after
 * that in any case: two new rows both find that none has it.
 */
export function* givenWhereNone({ effects, program: { models } }: RuleContext): Generator<Candidate> {
  for (const write of effects) {
    const { row, model } = write;
    if (!/^(save|create)$/.test(write.kind) || !row || isIntegrityHandled(write)) continue;
    for (const assigned of write.fields?.values() ?? []) {
      const found = searchBehind(assigned, write);
      if (!found || !isWritten(write, assigned.name)) continue;
      const sets = model ? models.uniqueSets(model).filter((one) => speaksOf(one, assigned.name)) : [];
      // (Of a row that is there already, nobody is left without one: the constraint is enough.)
      const isRefused =
        row.fetch === undefined && sets.some(({ whileIs }) => whileIs?.column === assigned.name);
      if (sets.length > 0 && !isRefused) continue;
      const { search, severity } = found;
      if (protects(queryProtection(effects, search, write))) continue;
      if (row.fetch && protects(protectionOf(effects, row, write, models))) continue;
      if (isTakenFromOthers(effects, write, assigned.name)) continue;
      yield explain(write, {
        message: `${assigned.name} is given to this row because no other has it: two requests both find that none has`,
        protection: { coverage: write.txns.length > 0 ? "atomic" : "none" },
        read: search.site,
        compute: assigned.site,
        about: assigned.name,
        severity,
        ...(isRefused ? REFUSED : {}),
      });
      break;
    }
  }
}

/** Named for the one of several that has it. */
const IS_ONE_OF_SEVERAL = /(^|_)(default|primary|main|first|admin|superuser|owner)(_|$)/;

function searchBehind(
  { name, value, whereNone = [] }: Assigned,
  write: Effect,
): { readonly search: Effect; readonly severity: Severity } | undefined {
  for (const atom of whereNone) {
    // (What is written only where nothing was found, is another matter.)
    if (atom.kind !== "query" || isGuardedBy(write, atom.effect)) continue;
    const filters = (atom.effect.query?.filters ?? []).filter((one) => !one.exclude);
    const asked = filters.find((one) => columnOf(one.lookup.replace(/__exact$/, "")) === columnOf(name));
    if (asked && isSame(asked.value, value)) return { search: atom.effect, severity: "medium" };
    // Where there is no row at all, it is the first one, and gets the flag.
    if (!asked && IS_ONE_OF_SEVERAL.test(name) && value.kind === "scalar" && value.literal === true)
      return { search: atom.effect, severity: "low" };
  }
  return undefined;
}

function isGuardedBy({ guards }: Effect, search: Effect): boolean {
  return guards.some(
    ({ deps, leaves }) => !leaves && deps.some((one) => one.kind === "query" && one.effect === search),
  );
}

function isSame(one: Assigned["value"], other: Assigned["value"]): boolean {
  if (one.kind === "scalar" && other.kind === "scalar")
    return one.literal !== undefined && one.literal === other.literal;
  return one.kind !== "scalar" && one.kind === other.kind && "dotted" in one && "dotted" in other
    ? one.dotted === other.dotted
    : false;
}

const REFUSED = {
  severity: "low",
  because: "a unique constraint refuses the second row, and nobody handles the IntegrityError",
} as const;

/** Is over the column, or has a condition: which, its text says and not its fields. */
function speaksOf({ conditional, fields }: UniqueSet, column: string): boolean {
  return conditional || fields.some((one) => columnOf(one) === columnOf(column));
}

/** `rows.exclude(pk=row.pk).update(default=False)` after it: of two, one is left with it. */
function isTakenFromOthers(effects: readonly Effect[], write: Effect, column: string): boolean {
  return effects.some((one) => one.kind === "update" && precedes(write, one) && one.fields?.has(column));
}
