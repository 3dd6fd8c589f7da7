import { type Effect, type Guard, precedes } from "../effects/effect.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `if cache.get(key) == token: cache.delete(key)`: the entry that was this run's own when it was looked at may have expired
 * before it is deleted, and what is deleted then is the lock of the next one. (A copy of something that is looked at and
 * deleted is made anew; it is known by nothing that only one run has.)
 */
export function* lockOfAnother({ effects }: RuleContext): Generator<Candidate> {
  for (const removal of effects) {
    if (removal.kind !== "cache-delete" || removal.trail.length > 0) continue;
    const key = /\.delete\(\s*([^,()]+?)\s*[,)]/.exec(textOf(removal))?.[1];
    if (key === undefined) continue;
    for (const test of removal.guards) {
      const read = readIn(test, key);
      if (!read || !precedes(read, removal) || !isCompared(test) || !isTaken(removal, key)) continue;
      yield {
        ...explain(removal, {
          message:
            "a lock in the cache is deleted where it is one's own: by then it may have expired, and another one has it",
          because: "nothing keeps the entry as it is between get() and delete()",
          protection: { coverage: "none" },
          read: read.site,
          test,
          severity: "low",
          interleaving: [
            "A reads    its own token",
            "A's entry  expires",
            "B adds     its token: it has the lock",
            "A deletes  the entry: C gets the lock as well",
          ],
        }),
        // Whatever callers hold, it is the entry of whoever comes next.
        regardless: true,
      };
      break;
    }
  }
}

function readIn({ deps }: Guard, key: string): Effect | undefined {
  for (const atom of deps)
    if (atom.kind === "query" && atom.effect.kind === "cached" && atom.effect.name === key)
      return atom.effect;
  return undefined;
}

/** With what this run has put there, and not with nothing. */
function isCompared({ site: { fn, start, end } }: Guard): boolean {
  return /[^=!]==(?!\s*(None\b|True\b|False\b|["'\d]))/.test(fn.module.source.text.slice(start, end));
}

/** The entry is one that only one gets: `cache.add(key, token)`. */
function isTaken({ site: { fn } }: Effect, key: string): boolean {
  const written = key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`\\.add\\(\\s*${written}\\s*,`).test(fn.module.source.text);
}

function textOf({ site: { fn, start, end } }: Effect): string {
  return fn.module.source.text.slice(start, end);
}
