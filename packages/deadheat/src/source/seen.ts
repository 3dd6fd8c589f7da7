import type { Analysis } from "./effects/program.ts";
import type { FunctionDefinition } from "./project/definitions.ts";
import type { Candidate, Severity, SourceRule } from "./rules/rule.ts";

/** A finding as the rule that made it sees it. */
export interface Found extends Seen {
  readonly analysis: Analysis;
}

/** The same, of an analysis that need not be there any more. */
export interface Seen {
  readonly rule: SourceRule;
  readonly candidate: Candidate;
  /** In whose analysis it was found. */
  readonly fn: FunctionDefinition;
}

export const RANK: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2, info: 3 };

export function quiet<S extends Seen>(one: S): S {
  return { ...one, candidate: { ...one.candidate, severity: "low" } };
}

export function severityOf({ rule, candidate }: Seen): Severity {
  return candidate.severity ?? rule.severity;
}
