import { compatible, type Effect, type Guard } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
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
