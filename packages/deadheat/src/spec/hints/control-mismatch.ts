import { once } from "../lookup.ts";
import type { Surveyed } from "../survey.ts";
import { changesState, type HintRule, type HintView } from "./hint.ts";

/** A change of state that the document leaves open beside others that it guards, or a scheme that is not declared. */
export const controlMismatch: HintRule = {
  weakness: "control-mismatch",
  hints(one, view) {
    const undeclared = one.security.flat().find(({ scheme }) => view.undeclared.has(scheme));
    const base = { weakness: "control-mismatch", operations: [one], severity: "medium" as const };
    if (undeclared && changesState(one))
      return [
        {
          ...base,
          confidence: "medium",
          reasons: [`asks for ${undeclared.scheme}, which the document does not declare`],
          unraceable: `how a credential of ${undeclared.scheme} travels is not said`,
        },
      ];
    const { told, others } = once(view, leftOpen);
    const beside = told.get(one);
    if (!beside) return [];
    return [
      {
        ...base,
        confidence: "medium",
        reasons: [
          `asks for no credential, and ${beside.join(", ")} at the same path does`,
          ...(others > 0
            ? [`so do ${others} more: most of what changes state says nothing of credentials`]
            : []),
        ],
      },
    ];
  },
};

/**
 * Changes that are open beside operations which are not, with the methods of those. Where most changes of a document are
 * open it is the document that says nothing, as a whole: that is told once.
 */
function leftOpen(view: HintView) {
  const told = new Map<Surveyed, readonly string[]>();
  const changes = view.all.filter((one) => changesState(one) && !one.lifecycle);
  const open = changes.filter(({ operation }) => operation.open);
  for (const one of open) {
    const beside = one.template.includes("{") ? guardedBeside(one, view) : [];
    if (beside.length > 0) told.set(one, beside);
  }
  const isSilent = open.length > changes.length / 2;
  return isSilent ? { told: new Map([...told].slice(0, 1)), others: told.size - 1 } : { told, others: 0 };
}

function guardedBeside(one: Surveyed, view: HintView): string[] {
  return ["GET", "PUT", "PATCH", "DELETE", "POST"].filter((method) => {
    const other = view.at(method, one.template);
    return other && other !== one && !other.operation.open && other.security.length > 0;
  });
}
