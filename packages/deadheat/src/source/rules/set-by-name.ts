import { compatible, type Effect, type Guard } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import type { Atom } from "../effects/values.ts";
import { CLOCK } from "../facts/names.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `if rank(sent) < rank(row.state): values = without_state(values)`, then `setattr(row, name, value)` for each of
 * them: which columns are written was decided by one of them as it was read. Older news wins where it is saved later.
 */
export function* setByName(context: RuleContext): Generator<Candidate> {
  const { effects, guards, program } = context;
  for (const write of effects) {
    const { row } = write;
    if (write.kind !== "save" || !row?.fetch || row.origin === "new" || !isSetByName(write)) continue;
    const found = comparedBefore(write, row.fetch, guards);
    // Which test chose the values, only the function knows that makes it; here it is said that nothing protects it.
    if (!found && write.trail.length === 0) continue;
    const protection = protectionOf(effects, found?.atom.row ?? row, write, program.models);
    if (protects(protection)) continue;
    const candidate = explain(write, {
      message: `${found?.atom.name ?? "a column"} is compared with what came, then columns are set by their names: of two, the older may be saved last`,
      protection,
      row,
      ...(found ? { read: found.atom.site, test: found.test } : {}),
      about: row.key,
      severity: "low",
      ofRow: true,
    });
    yield write.trail.length > 0 ? { ...candidate, echo: true } : candidate;
  }
}

function comparedBefore(write: Effect, { seq }: Effect, guards: readonly Guard[]) {
  for (const test of new Set([...write.guards, ...guards])) {
    const isBetween = test.seq > seq && test.seq < write.seq && compatible(test.steps, write.steps);
    const atom = isBetween && isAboutOrder(test) ? ownColumn(test, write.row!.key) : undefined;
    if (atom) return { test, atom };
  }
  return undefined;
}

/** (A caller knows which columns those are.) */
function isSetByName({ fields, origin }: Effect): boolean {
  const set = fields?.get("*");
  return set ? !set.constant && !set.database : origin !== undefined && isSetByName(origin);
}

/** Earlier or later than what came; of the clock, both hear the same whenever they ask. */
function isAboutOrder({ ordered, site }: Guard): boolean {
  return ordered && !CLOCK.test(site.fn.module.source.text.slice(site.start, site.end));
}

function ownColumn({ deps }: Guard, key: string): (Atom & { readonly kind: "field" }) | undefined {
  return deps.find(
    (one): one is Atom & { readonly kind: "field" } =>
      one.kind === "field" && one.row.key === key && !/^(\*|pk|id|)$/.test(one.name),
  );
}
