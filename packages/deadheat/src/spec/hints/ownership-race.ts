import { namesPerson } from "../../plan/names.ts";
import type { Surveyed } from "../survey.ts";
import type { HintRule, HintView } from "./hint.ts";

const GIVES = /\b(transfer|transfers|hand over|give away|change owner|set owner|reassign)\b/;
const OWNER = /^(new)?(owner|ownerid|ownername|owneremail|owneruserid|ownerlogin|newownerid)$/;

/** Gives an object to somebody else, against a change of the object. */
export const ownershipRace: HintRule = {
  weakness: "ownership-race",
  hints(one, view) {
    if (one.kind === "read" || one.kind === "delete" || !one.template.includes("{")) return [];
    const known = one.operation.owner ?? [];
    const owner = one.takes.find(
      (field) => field.depth <= 2 && (OWNER.test(field.plain) || known.includes(field.name)),
    );
    const person = one.takes.find((field) => field.depth === 1 && namesPerson(field.name));
    const said = GIVES.test(one.words) || known.length > 0;
    if (!(said && (owner || person)) && !(owner && one.kind !== "create")) return [];
    const act = changeOf(one, view);
    if (!act) return [];
    return [
      {
        weakness: "ownership-race",
        operations: [act, one],
        severity: "high",
        confidence: said && owner ? "high" : "medium",
        reasons: [
          `${one.operation.method} ${one.template} takes ${(owner ?? person)?.pointer}: it may give the object away`,
          `${act.operation.method} ${act.template} changes the same object`,
        ],
      },
    ];
  },
};

function changeOf(one: Surveyed, view: HintView): Surveyed | undefined {
  const object = one.template.slice(0, one.template.indexOf("}") + 1);
  return view
    .below(object)
    .find((act) => act !== one && act.kind !== "read" && act.kind !== "delete" && !act.lifecycle);
}
