import type { Location } from "../plan/operation.ts";
import type { Schedule } from "../plan/schedule.ts";

/** One call of a recorded history, as it may be shown: no token, no body but the numbers sent. */
export interface RecordedCall {
  readonly id: string;
  /** Lane of the picture: a connection or an observer. */
  readonly process: string;
  /** `POST /coupons/{code}/redeem`. */
  readonly operation: string;
  /** In words: `add 3`, `take`, `revoke A`, `read`. */
  readonly does: string;
  /** Answered status; absent where no complete answer came. */
  readonly status?: number;
  /** ms since the release of the burst. */
  readonly invoke: number;
  /** ms since the release of the burst; absent while pending. */
  readonly return?: number;
  readonly input: unknown;
  readonly output?: unknown;
  readonly outcome: "ok" | "rejected" | "unknown";
}

/** How often fixed trials after the proof showed it again, with the Wilson 95 % interval. */
export interface Rate {
  readonly races: number;
  readonly trials: number;
  readonly low: number;
  readonly high: number;
}

/** A history that no sequential order explains. */
export interface RuntimeEvidence {
  readonly kind: "runtime";
  readonly form: "history";
  /** What happened, as one sentence. */
  readonly summary: string;
  readonly model: string;
  readonly transport: string;
  /** From 0. */
  readonly trial: number;
  /** What that trial sent, so that it can be sent again. */
  readonly schedule: Schedule;
  readonly history: readonly RecordedCall[];
  /** Ids of the calls that suffice to show it. */
  readonly witness: readonly string[];
  /** The call of the witness that no order of the others lets follow. */
  readonly impossible?: string;
  /** Why no order explains the witness, in words. */
  readonly explanation: string;
  /** Names of what was checked before this was called a proof. */
  readonly controls: readonly string[];
  readonly rate?: Rate;
}

/** What the document says that speaks for a weakness. */
export interface SpecEvidence {
  readonly kind: "spec";
  readonly location: Location;
  readonly reasons: readonly string[];
}

export type Evidence = SpecEvidence | RuntimeEvidence;
