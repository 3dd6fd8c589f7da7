import type { Effect } from "../../effects/effect.ts";
import type { Belonging } from "./halves.ts";

/**
 * `club.revoke(old)`, then `club.grant(new)`, where each of the two methods has a transaction of its own: they were
 * meant to leave nothing behind, and what calls both of them leaves the first.
 */
export const eachItsOwn: Belonging = ({ first, second, below }) => {
  if (first.kind !== "delete" || !(below || (first.trail[0] && second.trail[0]))) return undefined;
  if (!isInOwn(first) || !isInOwn(second)) return undefined;
  const [one, other] = [relationOf(first), relationOf(second)];
  if (one === undefined || one !== other) return undefined;
  return "rows are taken out of a relation, and then more is done with it, each in a transaction of its own";
};

function isInOwn({ txns: [outer] }: Effect): boolean {
  return outer !== undefined && !outer.implicit;
}

/** `club.members`. A property that is asked twice gives two objects: what they were renamed to in calls is left out. */
function relationOf({ query }: Effect): string | undefined {
  const owner = query?.owner;
  if (!owner || owner.name.startsWith("[")) return undefined;
  return `${owner.row.key.replace(/#(\d+)(@\d+)+/g, "#$1")}.${owner.name}`;
}
