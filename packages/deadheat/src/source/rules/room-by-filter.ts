import { type Effect, type Guard, precedes } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import type { Row } from "../effects/values.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `annotate(n=Count("members")).filter(n__lt=F("size")).first()`, and a member is made in what was found: the limit was
 * asked in the search, and whoever searches at the same time finds the same room.
 */
export function roomByFilter(context: RuleContext, create: Effect): Candidate | undefined {
  const { effects } = context;
  for (const { value } of create.fields?.values() ?? []) {
    const search =
      value.kind === "row" ? (searchOf(value) ?? askedBefore(context, value, create)) : undefined;
    if (!search) continue;
    const protection = queryProtection(effects, search, create);
    // (Locked with what it finds: who waits asks once more.)
    if (protects(protection) || (search.query?.locked && create.txns.length > 0)) continue;
    return explain(create, {
      message:
        "a row is looked for by how many rows it has, and one more is made in it: requests at once all find room",
      because: "nothing makes a second request wait between the search and the insert",
      protection,
      read: search.site,
      severity: "medium",
    });
  }
  return undefined;
}

function searchOf({ fetch, parent, key }: Row): Effect | undefined {
  const search = fetch ?? (parent && /(\.pk|_id)$/.test(key) ? parent.row.fetch : undefined);
  return search && asksForRoom(search) ? search : undefined;
}

/** `room = Room.objects.get(pk=pk)`, and then `with_places.get(pk=pk)` for the question alone: nothing found, nothing made. */
function askedBefore({ effects, guards }: RuleContext, { key }: Row, create: Effect): Effect | undefined {
  return effects.find(
    (one) =>
      one.kind === "fetch" &&
      one.name === "get" &&
      one.row?.key === key &&
      precedes(one, create) &&
      asksForRoom(one) &&
      (one.handlers.length === 0 || isLeftWithout(guards, one)),
  );
}

/** `except Room.DoesNotExist: return`. */
function isLeftWithout(guards: readonly Guard[], search: Effect): boolean {
  return guards.some(
    ({ kind, deps, leaves, refuses }) =>
      kind === "missing" &&
      (leaves || refuses) &&
      deps.some((atom) => atom.kind === "query" && atom.effect === search),
  );
}

/** Less than something, by the name that a count was given. */
function asksForRoom({ query }: Effect): boolean {
  return (query?.filters ?? []).some(({ lookup, exclude }) => {
    const at = lookup.lastIndexOf("__");
    const [name, how] = [lookup.slice(0, at), lookup.slice(at + 2)];
    return query?.counts?.has(name) === true && (exclude ? /^gte?$/ : /^lte?$/).test(how);
  });
}
