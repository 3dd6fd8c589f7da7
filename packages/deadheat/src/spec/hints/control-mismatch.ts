import { changesState, type HintRule } from "./hint.ts";

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
    if (!changesState(one) || !one.operation.open || one.lifecycle || !one.template.includes("{")) return [];
    const beside = ["GET", "PUT", "PATCH", "DELETE", "POST"].filter((method) => {
      const other = view.at(method, one.template);
      return other && other !== one && !other.operation.open && other.security.length > 0;
    });
    if (beside.length === 0) return [];
    return [
      {
        ...base,
        confidence: "medium",
        reasons: [`asks for no credential, and ${beside.join(", ")} at the same path does`],
      },
    ];
  },
};
