import { isObject } from "../document/json.ts";
import { textOf } from "../facts/described.ts";
import { once } from "../lookup.ts";
import type { Surveyed } from "../survey.ts";
import type { HintRule, HintView } from "./hint.ts";

const UNIQUE =
  /\b(already (exists?|taken|in use|registered|used)|must be unique|has to be unique|duplicate)\b/i;

/** Makes what there may be once only: the document says that a second one is refused. */
export const duplicateCreate: HintRule = {
  weakness: "duplicate-create",
  hints(one, view) {
    if (one.kind !== "create" || one.lifecycle) return [];
    const told = toldUnique(one, once(view, textsOfReads));
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

function toldUnique(one: Surveyed, ofReads: ReadonlySet<string>): string | undefined {
  for (const text of [...refusalsOf(one), textOf(one.node.description)]) {
    const found = UNIQUE.exec(text);
    if (found && !ofReads.has(text)) return found[0];
  }
  return undefined;
}

function refusalsOf({ node }: Surveyed): string[] {
  const responses = isObject(node.responses) ? Object.entries(node.responses) : [];
  return responses
    .filter(([status]) => /^4/.test(status))
    .map(([, it]) => textOf(isObject(it) ? it.description : ""));
}

/** No read makes a duplicate: what one is refused with as well, a template has put everywhere. */
function textsOfReads({ all }: HintView): ReadonlySet<string> {
  return new Set(all.filter(({ kind }) => kind === "read").flatMap(refusalsOf));
}
