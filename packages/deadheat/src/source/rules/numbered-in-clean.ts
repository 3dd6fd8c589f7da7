import type { Effect } from "../effects/effect.ts";
import { SAVED_LATER } from "../effects/numbered-later.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { sameModel } from "../project/model.ts";
import { explain } from "./explain.ts";
import { ifRefused } from "./refused.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/** `def clean(self): self.number = last + 1`: in between, and before the insert, anybody else may compute the same one. */
export function* numberedInClean(context: RuleContext): Generator<Candidate> {
  const { effects, analysis } = context;
  for (const write of effects) {
    if (write.name !== SAVED_LATER) continue;
    for (const assigned of write.fields?.values() ?? []) {
      const read = assigned.deps
        .map((atom) => (atom.kind === "query" ? atom.effect : atom.row.fetch))
        .find((one): one is Effect => one !== undefined && sameModel(one.model, write.model));
      const protection = read && queryProtection(effects, read, write);
      if (!read || !protection || protects(protection)) continue;
      const name = assigned.name.replace(/[[\]]/g, "");
      yield explain(write, {
        message: `${name} of a new row is computed from the rows that are there, and inserted later: two requests compute the same`,
        because: `nothing makes a second request wait between ${analysis.fn.name}() and the insert, which its caller makes`,
        protection,
        read: read.site,
        compute: assigned.site,
        site: assigned.site,
        ...ifRefused(context, write, read),
      });
      break;
    }
  }
}
