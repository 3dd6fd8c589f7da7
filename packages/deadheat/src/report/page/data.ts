import type { Acceptance, Finding } from "../../findings/finding.ts";
import type { Grade } from "../../findings/grade.ts";

/** What the page shows, but for the evidence, which it reads finding by finding. The viewer knows nothing else. */
export interface PageData {
  /** A race of the user's own has neither grade nor matrix. */
  readonly of: "scan" | "race";
  readonly version: string;
  readonly target: string;
  readonly document: string;
  readonly seed: string;
  readonly verdict: string;
  readonly grade: Grade | null;
  readonly score: number | null;
  readonly gradeWords: string;
  /** By id, those that findings name. */
  readonly weaknesses: Readonly<Record<string, WeaknessData>>;
  /** In the order in which they are shown. */
  readonly findings: readonly FindingData[];
  readonly matrix: {
    readonly heads: readonly { readonly name: string; readonly words: string }[];
    readonly rows: readonly MatrixRow[];
    readonly remarks: readonly string[];
  };
  readonly outcomes: readonly OutcomeData[];
  /** Operations of which nothing was judged. */
  readonly unjudged: readonly string[];
  readonly settings: readonly Fact[];
  readonly safety: readonly Fact[];
}

export interface WeaknessData {
  readonly title: string;
  /** CWE, OWASP and clauses. */
  readonly facts: string;
  readonly fix: string;
}

export interface FindingData {
  /** Of the block that holds its evidence. */
  readonly index: number;
  readonly id: string;
  readonly weakness: string;
  readonly operation: string;
  readonly status: Finding["status"];
  /** A race of the user's own has none. */
  readonly severity?: Finding["severity"];
  readonly summary: string;
  readonly accepted?: Acceptance;
  /** The command that runs its proof again. */
  readonly replay?: string;
}

export interface MatrixRow {
  readonly operation: string;
  /** Why it was not tested. */
  readonly reason?: string;
  readonly cells: readonly MatrixCell[];
}

export interface MatrixCell {
  /** `✓`, `✗`, `!`, `~`, `?` or nothing. */
  readonly mark: string;
  readonly words: string;
}

export interface OutcomeData {
  readonly kind: "silent" | "open" | "other";
  readonly weakness: string;
  readonly operation: string;
  readonly words: string;
  readonly notes: readonly string[];
}

export interface Fact {
  readonly name: string;
  readonly values: readonly string[];
}
