import type { Effect } from "../effects/effect.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { hangsOn } from "../effects/values.ts";
import { meansMissing } from "./exists-then-create.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `if not team.members.exists(): team.delete()`: who joins between the two is deleted with the team, or gets an error.
 * (A lock on the team keeps those waiting who want to point to it.)
 */
export function* deletedWhenEmpty({ effects, program: { models } }: RuleContext): Generator<Candidate> {
  for (const remove of effects) {
    const { row } = remove;
    if (remove.kind !== "delete" || !row || row.origin === "new" || isProtected(remove)) continue;
    for (const test of remove.guards) {
      const asked = test.deps.find((atom) => atom.kind === "query" && isOfRow(atom.effect, row.key));
      if (asked?.kind !== "query" || !meansMissing(test, asked.effect, remove)) continue;
      const protection = protectionOf(effects, row, remove, models);
      if (protects(protection) || protects(queryProtection(effects, asked.effect, remove))) continue;
      yield explain(remove, {
        message:
          "a row is deleted because nothing points to it: what comes to point to it meanwhile goes with it",
        protection,
        row,
        read: asked.effect.site,
        test,
        about: row.key,
        severity: "low",
        ofRow: true,
      });
      break;
    }
  }
}

/**
 * `on_delete=PROTECT`, and `with suppress(ProtectedError)`: it is refused, and that is what is meant. (It is an
 * IntegrityError, as is what the database says of a row to which another points.)
 */
function isProtected({ handlers }: Effect): boolean {
  return handlers.some((one) => /(^|\.)(ProtectedError|RestrictedError|IntegrityError)$/.test(one));
}

function isOfRow({ kind, query }: Effect, key: string): boolean {
  return /^(exists|count|list|fetch)$/.test(kind) && hangsOn(query, key);
}
