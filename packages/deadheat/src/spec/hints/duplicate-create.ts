import { isObject } from "../document/json.ts";
import { textOf } from "../facts/described.ts";
import type { Surveyed } from "../survey.ts";
import type { HintRule } from "./hint.ts";

const UNIQUE =
  /\b(already (exists?|taken|in use|registered|used)|must be unique|has to be unique|duplicate)\b/i;

/** Makes what there may be once only: the document says that a second one is refused. */
export const duplicateCreate: HintRule = {
  weakness: "duplicate-create",
  hints(one, view) {
    if (one.kind !== "create" || one.lifecycle) return [];
    const told = toldUnique(one);
    const conflict = one.operation.statuses.includes("409");
    if (!told && !(conflict && !view.refusesAll && mayBeUnique(one))) return [];
    return [
      {
        weakness: "duplicate-create",
        operations: [one],
        severity: "medium",
        confidence: told ? "high" : "medium",
        reasons: [...(conflict ? ["documents a refusal: 409"] : []), ...(told ? [`says "${told}"`] : [])],
      },
    ];
  },
};

/** What is refused for a name that is taken takes one; of a body that is not described nobody knows. */
function mayBeUnique({ takes }: Surveyed): boolean {
  return takes.length === 0 || takes.some((field) => field.depth <= 2 && IDENTIFYING.test(field.plain));
}

const IDENTIFYING =
  /(name|slug|e?mail|emailaddress|code|key|title|handle|domain|host|sku|number|login|phone|url|uri|path|label|alias|identifier|reference|externalid|date|slot|seat)$|^id$/;

function toldUnique({ node }: Surveyed): string | undefined {
  const responses = isObject(node.responses) ? Object.entries(node.responses) : [];
  const refusals = responses
    .filter(([status]) => /^4/.test(status))
    .map(([, it]) => (isObject(it) ? it.description : ""));
  for (const text of [...refusals, node.description]) {
    const found = UNIQUE.exec(textOf(text));
    if (found) return found[0];
  }
  return undefined;
}
