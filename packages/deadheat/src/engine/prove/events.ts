import type { ProveReport } from "../../findings/prove-report.ts";
import type { VerifyResult } from "../../findings/verify-report.ts";
import type { ScanEvent } from "../events.ts";

/** What `prove` tells while it runs; what its scan tells is among it. */
export type ProveEvent =
  | {
      readonly type: "prove-started";
      readonly version: string;
      readonly project: string;
      readonly seed: string;
    }
  | { readonly type: "analysed"; readonly files: number; readonly gaps: number; readonly ms: number }
  /** A step on the way to the running project. */
  | { readonly type: "step"; readonly step: string; readonly text: string; readonly ms: number }
  | {
      readonly type: "documented";
      readonly operations: number;
      readonly from: readonly string[];
      readonly ms: number;
    }
  | { readonly type: "scan"; readonly event: ScanEvent }
  /** A fix is in a copy, which is started now. */
  | {
      readonly type: "fixed";
      readonly files: number;
      readonly gaps: number;
      readonly left: number;
      readonly ms: number;
    }
  | { readonly type: "verified"; readonly result: VerifyResult }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "proved"; readonly report: ProveReport };
