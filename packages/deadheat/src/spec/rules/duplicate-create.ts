import { shapeOf } from "../links.ts";
import { at } from "../lookup.ts";
import { madeBy } from "../made.ts";
import { callsOf, isMutator, type SpecRule } from "./rule.ts";

/** An operation that makes an object which can be read: does the same request make two? */
export const duplicateCreate: SpecRule = {
  weakness: "duplicate-create",
  candidates(operation, all, objects) {
    if (!isMutator(operation) || operation.method !== "POST") return [];
    const made = madeBy(operation, all);
    const [listed] = at(all, "GET", shapeOf(operation.path));
    if (!made && !listed) return [];
    const refuses = operation.statuses.find((status) => ["409", "422", "412"].includes(status));
    const answersBoth = operation.statuses.includes("200") && operation.statuses.includes("201");
    return callsOf(operation, all, objects)
      .filter((act) => made || act.observers.length > 0)
      .map((act) => ({
        weakness: "duplicate-create",
        act,
        ...(made ? { made } : {}),
        severity: "medium" as const,
        confidence: refuses || answersBoth ? ("medium" as const) : ("low" as const),
        reasons: [
          `makes what ${made ? `GET ${made.read.path}` : `GET ${listed?.path}`} shows`,
          ...(refuses ? [`documents a refusal: ${refuses}`] : []),
          ...(answersBoth ? ["answers 200 or 201: what is there already may be given again"] : []),
        ],
      }));
  },
};
