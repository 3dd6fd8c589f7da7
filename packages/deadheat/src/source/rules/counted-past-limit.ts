import { compatible, type Effect } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { type Assigned, columnOf, type Row } from "../effects/values.ts";
import { explain } from "./explain.ts";
import { isConditional, rowOfUpdate } from "./read-modify-write.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `if voucher.usage_limit: code.used = F("used") + 1`: counted because there is a limit, and whether it has been reached is
 * asked somewhere else, before. The database adds up what all of them have used; none is turned away.
 */
export function countedPastLimit({ effects, program }: RuleContext, write: Effect): Candidate | undefined {
  const { row = rowOfUpdate(write) } = write;
  const counted = row && countedUp(write);
  if (!row || !counted || isConditional(write, columnOf(counted.name))) return undefined;
  const limit = write.guards.flatMap((guard) => limitIn(guard, counted) ?? [])[0];
  // Compared here, it is a limit that is tested and then used up.
  if (!limit || isCompared(effects, write, row, counted)) return undefined;
  const protection = protectionOf(effects, row, write, program.models);
  if (protects(protection) || write.txns.some((one) => !one.implicit)) return undefined;
  // Told where it is asked whether there is one: who counts only, may be called for what has none.
  const [call] = write.trail;
  return explain(write, {
    ...(call && limit.site.fn !== write.site.fn ? { site: call } : {}),
    message: `${counted.name} is counted up because there is ${limit.name}, and the update does not ask whether that has been reached`,
    because: "whoever tested it before holds nothing that keeps others from testing it as well",
    protection,
    read: limit.site,
    row,
    about: counted.name,
    severity: "low",
    confidence: "low",
  });
}

const COUNTS_UP = /\bF\(\s*["']\w+["']\s*\)\s*\+/;
const IS_LIMIT = /(^|_)(limit|max|maximum|quota|capacity)(_|$)/;

function countedUp({ fields, site }: Effect): Assigned | undefined {
  return [...(fields?.values() ?? [])].find((one) => {
    const at = one.site.fn === site.fn ? one.site : site;
    return one.database && COUNTS_UP.test(at.fn.module.source.text.slice(at.start, at.end));
  });
}

/** Asked whether there is one, and not how many. */
function limitIn({ deps, ordered }: Effect["guards"][number], counted: Assigned) {
  if (ordered) return undefined;
  return deps.find(
    (one) => one.kind === "field" && IS_LIMIT.test(one.name) && one.name !== columnOf(counted.name),
  ) as { readonly name: string; readonly site: Effect["site"] } | undefined;
}

function isCompared(effects: readonly Effect[], write: Effect, { key }: Row, counted: Assigned): boolean {
  return [write, ...effects.filter((one) => compatible(one.steps, write.steps))].some(({ guards }) =>
    guards.some(
      ({ ordered, deps }) =>
        ordered &&
        deps.some(
          (one) => one.kind === "field" && one.row.key === key && one.name === columnOf(counted.name),
        ),
    ),
  );
}
