import { isEntryFunction } from "./effects/decorators.ts";
import type { Effect } from "./effects/effect.ts";
import type { FunctionDefinition } from "./project/definitions.ts";
import { relatedWrites } from "./rules/related-writes.ts";
import { wholeRowSave } from "./rules/whole-row-save.ts";
import type { Seen } from "./seen.ts";

/**
 * A gap in a called function counts unless every caller closes it; then it is reported once, where it is. That work is
 * left half done is a matter of its own: a caller whose row nobody else has yet closes a race, and no transaction.
 */
export function unprotected<S extends Seen>(found: readonly S[]): S[] {
  const isOfHalves = ({ rule }: S) => rule === relatedWrites;
  const halves = keeperOf(found.filter(isOfHalves));
  const others = keeperOf(found.filter((one) => !isOfHalves(one)));
  return found.flatMap((one) => (isOfHalves(one) ? halves(one) : others(one)));
}

/** What is kept of each, where these have been found. */
function keeperOf<S extends Seen>(found: readonly S[]): (one: S) => S[] {
  const at = new Set(found.map((one) => one.candidate.at));
  const inCallers = new Map<Effect, Effect[]>();
  for (const effect of at)
    if (effect.origin) inCallers.set(effect.origin, [...(inCallers.get(effect.origin) ?? []), effect]);
  const live = new Map<Effect, boolean>();
  const isLive = (effect: Effect): boolean => {
    const known = live.get(effect);
    if (known !== undefined) return known;
    live.set(effect, true);
    const isEntry = isEntryFunction(analysedOf(effect));
    const answer = isEntry || !effect.taken || openOf(effect).some(isLive);
    live.set(effect, answer);
    return answer;
  };
  const openOf = (effect: Effect) => inCallers.get(effect)?.filter((one) => !effect.row || one.row) ?? [];
  // That all columns are written is another matter than what a caller has tested.
  const told = new Set(found.flatMap(({ rule, candidate }) => (rule === wholeRowSave ? [] : [candidate.at])));
  const leftOpenBy = (effect: Effect, known = new Map<FunctionDefinition, Set<FunctionDefinition>>()) => {
    const fn = analysedOf(effect);
    if (!effect.taken || isEntryFunction(fn) || known.has(fn)) return known;
    const open = openOf(effect).filter(isLive);
    known.set(fn, new Set(open.map(analysedOf)));
    for (const one of open) leftOpenBy(one, known);
    return known;
  };
  return (one) => {
    const { candidate } = one;
    const { origin } = candidate.at;
    const isTold = origin !== undefined && told.has(origin) && candidate.apart !== "test";
    if (candidate.echo || (isTold && !candidate.beside)) return [];
    if (!candidate.regardless && !isLive(candidate.at)) return [];
    if (isTold)
      return [{ ...one, candidate: { ...candidate, severity: "low", site: candidate.at.trail[0] } }];
    const by = leftOpenBy(candidate.at);
    return [by.size === 0 ? one : { ...one, candidate: { ...candidate, leftOpenBy: by } }];
  };
}

/** The function in whose analysis it is. */
function analysedOf({ trail, site }: Effect): FunctionDefinition {
  return trail[0]?.fn ?? site.fn;
}
