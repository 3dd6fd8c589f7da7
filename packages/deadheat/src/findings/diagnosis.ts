import type { OperationRef } from "./finding.ts";
import type { TargetReport } from "./target.ts";
import type { TransportReport } from "./transports.ts";

/** What a scan of a target could judge, found by calling it gently. */
export interface Diagnosis {
  readonly schema: "deadheat/doctor/1";
  readonly target: TargetReport & { readonly address: string };
  readonly transports: TransportReport;
  /** The server's clock less this machine's, ms, with what the header's resolution leaves open. */
  readonly clock?: { readonly skewMs: number; readonly uncertaintyMs: number };
  readonly credentials: readonly CredentialDiagnosis[];
  /** Requests that the server worked on at once, of those sent together. */
  readonly parallelism?: {
    /** Absent where it cannot be told. */
    readonly atOnce?: number;
    readonly sent: number;
    readonly overlaps: boolean;
    readonly operation: string;
  };
  readonly operations: readonly OperationDiagnosis[];
  readonly omitted: readonly { readonly operation: OperationRef; readonly reason: string }[];
}

export interface CredentialDiagnosis {
  readonly scheme: string;
  /** Where tokens come from, or why there are none. */
  readonly via?: string;
  readonly reason?: string;
  /** Each trial gets a principal of its own. */
  readonly fresh?: boolean;
  readonly secondToken?: boolean;
  readonly renewable?: boolean;
  /** Absent where there is no end to them. */
  readonly users?: number;
}

export interface OperationDiagnosis {
  readonly operation: OperationRef;
  readonly scheme: string;
  /** Weaknesses that the document plans a race for. */
  readonly planned: readonly string[];
  /** How it behaves one call at a time: `adds /points to /points of GET /me`. */
  readonly behaves?: string;
  readonly latencyMs?: number;
  /** How long an acknowledged effect takes to show, ms. */
  readonly visibilityMs?: number;
  /** Why it cannot be judged. */
  readonly reason?: string;
}
