import type { ControlRow } from "../findings/controls.ts";
import type { Finding, RaceOutcome } from "../findings/finding.ts";
import type { Cleanup, Report } from "../findings/report.ts";
import type { Degradation, TransportReport } from "../findings/transports.ts";
import type { PlayedSchedule } from "../race/index.ts";

/** What a scan tells while it runs. Consoles, reports and users' own code all read this one stream. */
export type ScanEvent =
  | {
      readonly type: "started";
      readonly version: string;
      readonly origin: string;
      readonly document: string;
      readonly seed: string;
    }
  | {
      readonly type: "spec";
      readonly operations: number;
      readonly bearer: number;
      readonly candidates: number;
      readonly ms: number;
    }
  | {
      readonly type: "probe";
      readonly transports: TransportReport;
      readonly credentials: readonly CredentialNote[];
      readonly ms: number;
    }
  | { readonly type: "remark"; readonly text: string }
  /** A transport that would be tighter is not used, or lost what makes it so. */
  | ({ readonly type: "degraded" } & Degradation)
  /** Something that takes away from what the scan is worth, by the user's own wish. */
  | { readonly type: "warning"; readonly text: string }
  | {
      readonly type: "race-started";
      readonly weakness: string;
      readonly operation: string;
      readonly index: number;
      readonly of: number;
    }
  /** One order of SQL statements was tried. */
  | {
      readonly type: "schedule";
      readonly weakness: string;
      readonly operation: string;
      readonly played: PlayedSchedule;
    }
  | {
      readonly type: "trial";
      readonly weakness: string;
      /** As `POST /path`. While one race waits to be confirmed, others go on. */
      readonly operation: string;
      readonly done: number;
      readonly planned: number;
      readonly requests: number;
    }
  | { readonly type: "race-ended"; readonly outcome: RaceOutcome; readonly requests: number }
  /** What the document declares, and what is in force. */
  | { readonly type: "controls"; readonly controls: readonly ControlRow[]; readonly ms: number }
  /** What the scan made has been taken away again, or not. */
  | { readonly type: "cleanup"; readonly cleanup: Cleanup }
  | { readonly type: "finding"; readonly finding: Finding }
  | { readonly type: "ended"; readonly report: Report; readonly requests: number; readonly ms: number };

export interface CredentialNote {
  readonly scheme: string;
  /** How tokens are had, or why there are none. */
  readonly via?: string;
  readonly reason?: string;
}
