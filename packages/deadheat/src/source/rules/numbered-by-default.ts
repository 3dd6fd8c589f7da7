import type { Effect } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

const ANSWERS = new Set<Effect["kind"]>(["aggregate", "count", "list", "fetch"]);

/**
 * `def next_number(): return last + 1`, and `number = IntegerField(default=next_number)` in the model of which the last
 * one is: it is asked for whenever a row is made in Python, and inserted later.
 */
export function* numberedByDefault({
  effects,
  analysis: { fn, summary },
  program: { models },
}: RuleContext): Generator<Candidate> {
  const { result } = summary;
  if (fn.owner || result?.kind !== "scalar" || result.shape !== "arithmetic") return;
  for (const atom of result.deps) {
    const read = atom.kind === "query" ? atom.effect : atom.row.fetch;
    if (!read?.model || !ANSWERS.has(read.kind)) continue;
    const field = [...models.fields(read.model).values()].find((one) => one.defaultBy === fn.name);
    if (!field) continue;
    const protection = queryProtection(effects, read, read);
    if (protects(protection)) continue;
    yield explain(read, {
      message: `${field.name} of a new row is by default computed from the rows that are there: two requests compute the same`,
      because: field.unique
        ? "a unique constraint refuses the second row, and nobody handles the IntegrityError"
        : "nothing makes a second request wait between the default and the insert",
      protection,
      ...(field.unique ? { severity: "low" as const } : {}),
    });
    return;
  }
}
