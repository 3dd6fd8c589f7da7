import { compatible, type Effect, type Guard } from "../effects/effect.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { type Atom, columnOf, type Row } from "../effects/values.ts";
import { explain } from "./explain.ts";
import { isGivenByCaller } from "./replaced.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `row, created = get_or_create(…)`, and `row.delete()` where it was there: pressed once more, the button takes back.
 * Two requests that come together both find the same, and both take back what one of them should have given.
 */
export function* toggled({ effects, program }: RuleContext): Generator<Candidate> {
  for (const remove of effects) {
    const { row } = remove;
    const found = row?.fetch;
    if (remove.kind !== "delete" || !row || found?.kind !== "get-or-create") continue;
    const test = remove.guards.find((one) => asksWhetherMade(one, found));
    if (!test || !isTakenBack(effects, remove, row)) continue;
    const protection = protectionOf(effects, row, remove, program.models);
    if (protects(protection)) continue;
    yield explain(remove, {
      message:
        "a row is made where there is none, and deleted where there is one: two requests at once see the same, and undo each other",
      protection,
      row,
      test,
      about: row.key,
      severity: "low",
      ofRow: true,
    });
  }
}

/**
 * `if post.likes.filter(pk=user.pk).exists(): post.likes.remove(user)`, else `post.likes.add(user)`: the same of the
 * members of a relation.
 */
export function* memberToggled({ effects }: RuleContext): Generator<Candidate> {
  for (const remove of effects) {
    if (remove.kind !== "delete" || remove.name !== "relation.remove") continue;
    const add = effects.find((one) => one.name === "relation.add" && isOtherArm(one, remove));
    const [test, search] = add ? (askedOf(remove) ?? []) : [];
    if (!test || !search || !add?.guards.some((one) => one.id === test.id)) continue;
    const protection = queryProtection(effects, search, remove);
    if (protects(protection)) continue;
    yield explain(remove, {
      message:
        "a member is added where it is none, and removed where it is one: two requests at once see the same, and undo each other",
      protection,
      read: search.site,
      test,
      about: `${ownerOf(remove)}`,
      severity: "low",
    });
  }
}

/** The relation, and whose it is. */
function ownerOf({ query }: Effect): string | undefined {
  return query?.owner && `${query.owner.row.key}.${query.owner.name}`;
}

function isOtherArm(add: Effect, remove: Effect): boolean {
  return (
    ownerOf(add) !== undefined && ownerOf(add) === ownerOf(remove) && !compatible(add.steps, remove.steps)
  );
}

/** The members themselves were looked at. */
function askedOf(remove: Effect): readonly [Guard, Effect] | undefined {
  for (const guard of remove.guards)
    for (const atom of guard.deps)
      if (atom.kind === "query" && LOOKS.test(atom.effect.kind) && ownerOf(atom.effect) === ownerOf(remove))
        return [guard, atom.effect];
  return undefined;
}

const LOOKS = /^(exists|count|list|fetch)$/;

/** `if not created`. */
function asksWhetherMade({ deps, seq }: Guard, found: Effect): boolean {
  return seq > found.seq && deps.some((atom) => atom.kind === "query" && atom.effect === found);
}

/**
 * Nothing else is asked; or what is asked is a column that the other arm sets to what came: the same choice once
 * more takes it back. (What has expired is taken out by whoever comes, and once is as good as twice.)
 */
function isTakenBack(effects: readonly Effect[], remove: Effect, row: Row): boolean {
  const columns = remove.guards.flatMap(({ deps }) => deps.flatMap((atom) => columnIn(atom, row)));
  if (columns.length === 0) return true;
  return effects.some(
    (one) =>
      one.kind === "save" &&
      one.row?.key === row.key &&
      !compatible(one.steps, remove.steps) &&
      [...(one.fields?.keys() ?? [])].some(
        (name) =>
          columns.includes(columnOf(name)) &&
          (isGivenByCaller(one, name) || !one.fields?.get(name)?.constant),
      ),
  );
}

function columnIn(atom: Atom, row: Row): readonly string[] {
  return atom.kind === "field" && atom.row.key === row.key ? [atom.name] : [];
}
