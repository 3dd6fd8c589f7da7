import type { Confidence, Role, Severity } from "./rules/rule.ts";

export interface FindingStep {
  readonly file: string;
  readonly line: number;
  readonly role: Role;
  /** The line itself. */
  readonly text: string;
  readonly function: string;
  readonly note?: string;
}

/** A gap in the source, as one path through the code. Keys are DESIGN §12's. */
export interface SourceFinding {
  readonly rule: string;
  readonly weakness: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  /** `Class.method` or `name`. */
  readonly function: string;
  readonly path: readonly FindingStep[];
  readonly fixable: boolean;
  readonly title: string;
  readonly message: string;
  /** Why nothing protects it. */
  readonly because: string;
  /** Two requests, in the order that breaks it. */
  readonly interleaving: readonly string[];
  readonly fix: string;
  /** Stays the same while lines move: for baselines. */
  readonly fingerprint: string;
  /** The route that leads here; `ANY` where a view does not say which methods it answers. */
  readonly route?: { readonly method: string; readonly path: string };
  /** The same as an operation; of the API's document, where one is given and has it. */
  readonly operation?: { readonly method: string; readonly path: string; readonly operationId?: string };
}

export interface Partial {
  readonly file: string;
  readonly reason: string;
}

export interface CheckReport {
  readonly schema: "deadheat/check/1";
  readonly tool: { readonly name: "deadheat"; readonly version: string };
  readonly findings: readonly SourceFinding[];
  /** Python files looked at. */
  readonly files: number;
  readonly bytes: number;
  /** Files that could be analysed in part only, and why. */
  readonly partial: readonly Partial[];
  /** Findings left out by a comment in the source, or by the baseline. */
  readonly ignored: number;
  readonly durationMs: number;
}
