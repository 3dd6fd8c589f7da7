import type { ScheduleCounts } from "../plan/interleaving.ts";
import type { Evidence, InterleavingEvidence, RuntimeEvidence } from "./evidence.ts";

export interface OperationRef {
  readonly method: string;
  readonly path: string;
  readonly operationId?: string;
}

/** A weakness at an operation, with all the evidence for it. */
export interface Finding {
  readonly id: string;
  readonly weakness: string;
  readonly operation: OperationRef;
  readonly status: "proven" | "suspected";
  readonly severity: "high" | "medium" | "low";
  readonly evidence: readonly Evidence[];
  /** By the baseline: it is told, and does not fail the build until that day has passed. */
  readonly accepted?: Acceptance;
}

/** Why somebody lives with a finding, and for how long. */
export interface Acceptance {
  readonly reason: string;
  /** The last day, YYYY-MM-DD. */
  readonly expires: string;
}

/** What became of one planned race. */
export interface RaceOutcome {
  readonly weakness: string;
  readonly operation: OperationRef;
  readonly status: "proven" | "not-observed" | "inconclusive" | "model-unfit" | "not-applicable";
  readonly trials: number;
  /** Trials whose requests were under way at the same time; only these count. */
  readonly overlapped: number;
  /** Upper 95 % bound of the chance that a trial shows the race, where none did. */
  readonly bound?: number;
  readonly reason?: string;
  /** Operations that acknowledged a revocation and left the token valid; not part of reports. */
  readonly ineffective?: readonly OperationRef[];
  /** What was noticed beside the race: server errors under concurrency. */
  readonly remarks?: readonly string[];
  /** What became of the orders of SQL statements; absent where the database was not in view. */
  readonly schedules?: ScheduleCounts;
}

/** An outcome and, where it is `proven`, the proof. */
export interface RaceResult<E extends Evidence = RuntimeEvidence> {
  readonly outcome: RaceOutcome;
  readonly evidence?: E;
  /** Where an order of SQL statements gave it. */
  readonly interleaving?: InterleavingEvidence;
  /** An order in which the two waited for each other, and a client was told of a fault. */
  readonly deadlock?: InterleavingEvidence;
}

/** `lost-update-post-profile-score`: stable between scans, fit for a file name. */
export function findingId(weakness: string, operation: OperationRef): string {
  const place = `${operation.method} ${operation.path}`.toLowerCase();
  return `${weakness}-${place.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}`;
}
