import type { Effect } from "../effects/effect.ts";
import { compatible } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { type Atom, columnOf, type Row } from "../effects/values.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

type FieldAtom = Atom & { readonly kind: "field" };

/**
 * `if order.payment is None: order.payment = Payment.objects.create(…)`, and whoever called saves the order: two requests
 * both find none, and make two. (Saved in the same function, it is a state that is tested and changed.)
 */
export function* madeForEmpty({ effects, program }: RuleContext): Generator<Candidate> {
  for (const create of effects) {
    if (create.kind !== "create") continue;
    // Said where it is; in a caller only that nothing there protects it.
    const isHere = create.trail.length === 0;
    for (const test of create.guards) {
      const atom = test.deps.find((one): one is FieldAtom => one.kind === "field" && getsMade(one, create));
      if (!atom || (isHere && (test.trail.length > 0 || isSavedHere(effects, atom.row)))) continue;
      const protection = protectionOf(effects, atom.row, create, program.models);
      if (protects(protection)) continue;
      const found = explain(create, {
        message: `a row is made because ${atom.name} was empty, and put there: two requests make two`,
        protection,
        row: atom.row,
        column: atom.name,
        read: atom.site,
        test,
        ...(isGiven(atom.row) ? {} : { severity: "low" as const }),
      });
      yield isHere ? found : { ...found, echo: true };
      break;
    }
  }
}

/** What was made is given to the attribute that was tested. */
function getsMade({ row, name }: FieldAtom, create: Effect): boolean {
  if (row.origin === "new") return false;
  return row.assigned.some(
    ({ name: own, value, seq, steps }) =>
      columnOf(own) === name &&
      seq > create.seq &&
      compatible(steps, create.steps) &&
      value.kind === "row" &&
      value.origin === "new" &&
      value.model !== undefined &&
      value.model === create.model,
  );
}

function isSavedHere(effects: readonly Effect[], { key }: Row): boolean {
  return effects.some((one) => one.kind === "save" && one.row?.key === key);
}

function isGiven({ origin }: Row): boolean {
  return origin === "parameter" || origin === "self";
}
