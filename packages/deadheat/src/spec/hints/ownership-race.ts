import { namesPerson } from "../../plan/names.ts";
import { lastSegment, textOf } from "../facts/described.ts";
import { wordsOf } from "../facts/words.ts";
import type { Surveyed } from "../survey.ts";
import type { HintRule, HintView } from "./hint.ts";

/** `transferRepository`, `POST /projects/{id}/transfer`; of `transferConfigs` it is a kind of object. */
const GIVES =
  /^(transfer|transfers|hand over|give away|reassign)\b(?! \w+ (create|patch|update|delete|list|get)$)|\b(transfer|reassign)$|\b(transfers?|gives?|hands? over|change|set) (the |its |an? )?(\w+ )?(owner|ownership)\b/;
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
    const said = known.length > 0 || namesGift(one);
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

function namesGift({ node, template, name }: Surveyed): boolean {
  const segment = wordsOf(lastSegment({ template })).join(" ");
  const said = [name.join(" "), wordsOf(textOf(node.summary)).join(" ")];
  return said.some((words) => GIVES.test(words)) || (GIVES.test(segment) && !/s$/.test(segment));
}

function changeOf(one: Surveyed, view: HintView): Surveyed | undefined {
  const object = one.template.slice(0, one.template.indexOf("}") + 1);
  return view
    .below(object)
    .find((act) => act !== one && act.kind !== "read" && act.kind !== "delete" && !act.lifecycle);
}
