import { ANY_COLUMN } from "../effects/by-name.ts";
import { compatible, type Effect, precedes, sameTransaction } from "../effects/effect.ts";
import { type Protection, protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { keyOf } from "../effects/scalars.ts";
import type { Assigned } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `like.delete()`, then `likes=F("likes") - 1`: of two requests that delete the same row, the second one deletes none, is
 * not told, and counts down as well. The same where what the row held is given back (`F("stock") + line.quantity`).
 */
export function* countedAfterDelete(context: RuleContext): Generator<Candidate> {
  const { effects } = context;
  for (const write of effects) {
    if (write.kind !== "save" && write.kind !== "update") continue;
    for (const remove of effects) {
      const assigned = isOneByOne(remove, write) ? countedBy(write, remove) : undefined;
      const protection = assigned && protectionAround(context, remove, write);
      if (!assigned || !protection) continue;
      const isOfOthers = sameModel(remove.model, write.model);
      yield explain(write, {
        message: `${assigned.name === ANY_COLUMN ? "a number" : assigned.name} is changed for each row that is deleted, and whether one was is not looked at: of two that delete the same, both change it`,
        because:
          "delete() says how many rows it has deleted, and who comes second is told that there was none",
        protection,
        ...(remove.row ? { row: remove.row } : {}),
        also: [remove],
        // Who counts down when told to is right; who tells it, knows whether a row was deleted.
        own: true,
        about: assigned.name,
        severity: isOfOthers || remove.row?.fetch?.kind === "list" ? "low" : "medium",
        confidence: remove.row?.fetch ? "medium" : "low",
      });
      break;
    }
  }
}

/** A deletion whose outcome nobody asks for, in the same run as the change of the count, under the same conditions. */
function isOneByOne(remove: Effect, write: Effect): boolean {
  if (remove.kind !== "delete" || remove.tested || remove.name.startsWith("relation.")) return false;
  if (!compatible(remove.steps, write.steps) || remove.loop !== write.loop) return false;
  if (remove.row ? !/^(fetch|list)$/.test(remove.row.fetch?.kind ?? "") : !remove.query) return false;
  // Only who has moved something on comes here.
  return ![...write.guards, ...remove.guards].some(({ deps }) =>
    deps.some((atom) => atom.kind === "query" && /^(update|delete|get-or-create)$/.test(atom.effect.kind)),
  );
}

/**
 * The rows are looked for by the one that counts them, or it hangs on the row that is deleted. (An index of texts, from
 * which an entry goes while something else is counted, is counted nowhere.)
 */
function isCountedIn({ row, key, query }: Effect, remove: Effect): boolean {
  const counting = [row?.key ?? "", key ?? "", ...namedBy(query)];
  const from = remove.query ?? remove.row?.fetch?.query;
  const removed = namedBy(from);
  // `Total.objects.get_or_create(song=song)`, of votes that were looked for by the song and more.
  const made = row?.fetch?.kind === "get-or-create" ? (row.fetch.lookups ?? []) : [];
  const isMadeFor = made.every((name) => from?.filters.some((one) => !one.exclude && one.lookup === name));
  if (made.length > 0 && isMadeFor) return true;
  return counting.some(
    (one) => removed.includes(one) || (remove.row !== undefined && one.startsWith(`${remove.row.key}.`)),
  );
}

/** The rows and values by which rows are looked for. */
function namedBy(query: Effect["query"]): string[] {
  const values = (query?.filters ?? []).filter((one) => !one.exclude).map(({ value }) => keyOf(value));
  return query?.owner ? [...values, query.owner.row.key] : values;
}

/** What is counted down, or up by what the deleted row held. (`version=F("version") + 1` counts no rows.) */
function countedBy(write: Effect, remove: Effect): Assigned | undefined {
  const { fields, row, site } = write;
  const written = site.fn.module.source.text.slice(site.start, site.end);
  return [...(fields?.values() ?? [])].find(({ database, deps, site: at }) => {
    if (!database || (row && row.key === remove.row?.key)) return false;
    const text = row ? at.fn.module.source.text.slice(at.start, at.end) : written;
    const isOfDeleted = deps.some((one) => one.kind === "field" && one.row.key === remove.row?.key);
    return isOfDeleted || (COUNTS_DOWN.test(text) && isCountedIn(write, remove));
  });
}

const COUNTS_DOWN = /\bF\([^()]*\)\s*-/;

/** `undefined` where a lock, taken before the row is looked for, makes the second request see that it is gone. */
function protectionAround(
  { effects, program: { models } }: RuleContext,
  remove: Effect,
  write: Effect,
): Protection | undefined {
  const { row } = remove;
  if (row?.fetch) {
    const own = protectionOf(effects, row, remove, models);
    const isHeld = protects(own) || protects(queryProtection(effects, row.fetch, write));
    return isHeld ? undefined : own;
  }
  if (remove.locks.length > 0 || write.locks.length > 0) return undefined;
  const isLocked = effects.some(
    (one) => one.query?.locked && precedes(one, remove) && sameTransaction(one.txns, remove.txns),
  );
  return isLocked ? undefined : { coverage: remove.txns.length > 0 ? "atomic" : "none" };
}
