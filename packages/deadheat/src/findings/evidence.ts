import type { InterleavedStep, Preemption, ScheduleCounts } from "../plan/interleaving.ts";
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
  readonly request?: ShownRequest;
  readonly answer?: ShownAnswer;
}

/** A request as it may be shown: secrets in it are salted fingerprints, a long body is cut. */
export interface ShownRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON where it was JSON. */
  readonly body?: string;
}

/** The answer to it, in the same way. */
export interface ShownAnswer {
  readonly status: number;
  readonly body?: string;
}

/** The longest sequential order of a witness that the model allows, and what cannot come next. */
export interface LegalOrder {
  /** The model's state before, as its key. */
  readonly initial: string;
  /** False where the search for longer ones ended at its limit. */
  readonly complete: boolean;
  readonly steps: readonly {
    readonly id: string;
    /** What the model takes it for: `add 3 → ok`. */
    readonly text: string;
    /** The model's state after it. */
    readonly state: string;
  }[];
  /** Each call that is left, and why it cannot be the next one. */
  readonly left: readonly {
    readonly id: string;
    readonly text: string;
    /**
     * `illegal`: its answer is not possible in this state. `too-late`: invoked only after `after` had returned.
     * `dead-end`: it may come next, but then the rest has no order.
     */
    readonly why: "illegal" | "too-late" | "dead-end";
    readonly after?: string;
  }[];
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
  /** The same as data; absent where the proof needs no search (an invariant). */
  readonly order?: LegalOrder;
  /** Names of what was checked before this was called a proof. */
  readonly controls: readonly string[];
  readonly rate?: Rate;
  /** Where offsets were searched. */
  readonly window?: OffsetWindow;
}

/** Where in a call the end of its authority has to fall, from the call's release, ms. */
export interface OffsetWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** At most. */
  readonly widthMs: number;
}

/** What the document says that speaks for a weakness. */
export interface SpecEvidence {
  readonly kind: "spec";
  readonly location: Location;
  readonly reasons: readonly string[];
}

/** One request and its answer, as they may be shown: no token, no body. */
export interface RecordedExchange {
  /** In words: `without a token`. */
  readonly does: string;
  readonly method: string;
  /** As sent; a token in it is a fingerprint. */
  readonly path: string;
  /** The credential as it was sent, with a fingerprint in place of the token; `none` where none was. */
  readonly credential: string;
  /** Absent where no complete answer came. */
  readonly status?: number;
  /** What of it was protected, or what it changed, by name. */
  readonly shows?: string;
}

/** A token as it may be shown: salted fingerprint, header, names of its claims. */
export interface TokenNote {
  readonly fingerprint: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: readonly string[];
}

/** Requests and answers that contradict a control. */
export interface ExchangeEvidence {
  readonly kind: "runtime";
  readonly form: "exchange";
  /** What happened, as one sentence. */
  readonly summary: string;
  readonly exchanges: readonly RecordedExchange[];
  /** For a JSON Web Token that was forged. */
  readonly token?: TokenNote;
  /** What was checked before this was called a proof. */
  readonly controls: readonly string[];
}

/** How long something waited while something else was held, ms. */
export interface Measurement {
  readonly heldMs: number;
  readonly waitedMs: number;
  /** How long the same of another principal waited at the same time. */
  readonly otherWaitedMs: number;
}

/** An effect shown against a control measurement. */
export interface MeasuredEvidence {
  readonly kind: "runtime";
  readonly form: "measured";
  /** What happened, as one sentence. */
  readonly summary: string;
  readonly measurements: readonly Measurement[];
  /** What was checked before this was called a proof. */
  readonly controls: readonly string[];
}

/** The order of SQL statements that produced a history, replayed on demand (DESIGN §8). */
export interface InterleavingEvidence {
  readonly kind: "interleaving";
  /** What happened, as one sentence. */
  readonly summary: string;
  readonly preemption: Preemption;
  /** The statement before which it was held; values in it are parameters. */
  readonly statement: string;
  /** The two requests, first and second. */
  readonly names: readonly [string, string];
  readonly steps: readonly InterleavedStep[];
  /** Where statements were others than those captured of the requests alone. */
  readonly diverged: readonly string[];
  /** Which of the tried schedules it was, from 1. */
  readonly found: number;
  /** From the beginning of the exploration, captures among it, ms. */
  readonly afterMs: number;
  readonly schedules: ScheduleCounts;
}

/** A gap in the source, as one path through the code (DESIGN §9). Alone it makes a finding suspected. */
export interface SourceEvidence {
  readonly kind: "source";
  readonly rule: string;
  /** What is wrong, as one sentence. */
  readonly summary: string;
  /** From the project's folder. */
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  /** `Class.method` or `name`. */
  readonly function: string;
  readonly path: readonly {
    readonly file: string;
    readonly line: number;
    readonly role: string;
    /** The line itself. */
    readonly text: string;
    readonly note?: string;
  }[];
  /** Two requests, in the order that breaks it. */
  readonly interleaving: readonly string[];
  readonly fix: string;
}

export type Evidence =
  | InterleavingEvidence
  | SourceEvidence
  | SpecEvidence
  | RuntimeEvidence
  | ExchangeEvidence
  | MeasuredEvidence;

/** The recorded history that a finding rests on, where it rests on one. */
export function historyIn(evidence: readonly Evidence[]): RuntimeEvidence | undefined {
  return evidence.find((one): one is RuntimeEvidence => one.kind === "runtime" && one.form === "history");
}
