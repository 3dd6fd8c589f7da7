import type { CheckResult, History } from "@deadheat/oracle";
import type { MeasuredEvidence, OffsetWindow } from "../../findings/evidence.ts";
import type { RaceResult } from "../../findings/finding.ts";
import type { Stage } from "../../plan/interleaving.ts";
import type { Candidate } from "../../plan/plan.ts";
import type { Schedule } from "../../plan/schedule.ts";
import type { RaceContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { Change } from "../kept-here.ts";
import type { Behaviour, Unlearned } from "../learn.ts";
import type { Parallelism } from "../parallelism.ts";

/** One set-up, one burst, one observation, judged. */
export interface Trial {
  readonly schedule: Schedule;
  /** Of the oracle, where it is not that of all trials. */
  readonly model?: string;
  /** Monotonic ms; times of the history count from the same zero. */
  readonly release: number;
  readonly history: History<unknown, unknown>;
  /** By operation id: what the pictures and reports show of it. */
  readonly calls: ReadonlyMap<string, CallNote>;
  /** At least two of its requests were under way at the same time. */
  readonly overlapped: boolean;
  readonly result: CheckResult;
  /** Why the trial cannot be judged: a set-up call failed, the API asked to slow down. */
  readonly unjudged?: string;
  /** How many of the requests that were sent together were answered with 5xx. */
  readonly faults: { readonly faults: number; readonly sent: number };
  /** What happened, as one sentence; for a race. */
  readonly summary: string;
  /** What it is judged by, as it was shown before the requests and after them; absent where that is not read back. */
  readonly changes?: readonly Change[];
  /**
   * Makes the same requests one at a time on an object of its own, and tells later whether one more is still refused
   * there, or changes nothing. For a limit; throws SetupFailed.
   */
  useUp?(): Promise<() => Promise<boolean>>;
  /** Reads the observation that the proof rests on once more: does it still show the same? */
  confirm(): Promise<"same" | "changed" | "unreadable">;
  /** The same requests from a fresh set-up, one at a time, back to back: does the violation show there too? */
  replaySerially(): Promise<CheckResult>;
  /** Whether the same requests at once take effect where they share nothing; absent where that says nothing. */
  takesEffectApart?(): Promise<boolean>;
}

export interface CallNote {
  readonly operation: string;
  readonly does: string;
  readonly status?: number;
  /** Secrets and all: reports show it redacted. */
  readonly exchange?: Exchange;
}

/** A scenario made ready for one operation: its model has explained a sequential control run. */
export interface Prepared {
  /** As `modelNamed` of the oracle knows it, so that anybody can check a recorded history again. */
  readonly model: string;
  /** What was checked before any burst, in words. */
  readonly controls: readonly string[];
  /** What `replaySerially` shows where it shows no violation, in words; where absent, that the model fits. */
  readonly serialControl?: string;
  /** Upper bound on how long an acknowledged write stays invisible, ms. */
  readonly visibilityMs: number;
  /** What the trial sends that counts from 0 to `index`: a function of it, the seed, and what was seen before. */
  schedule(index: number): Schedule;
  /** It is a limit that is broken, which may start again by the clock. */
  readonly limited?: true;
  /** Trials that may run side by side, where most of each is waiting. */
  readonly atOnce?: number;
  /** Trials at most, fixed in advance, where each takes long. */
  readonly mostTrials?: number;
  /** Asked before more trials begin: they have shown what they can. */
  enough?(): boolean;
  /** Whether requests of this kind can overlap; where absent, as measured on the operation itself. */
  overlap?(): Promise<Parallelism>;
  /** On a stage, the first two requests are played there instead of being sent together. */
  trial(schedule: Schedule, stage?: Stage): Promise<Trial>;
  /** What schedules of statements can be tried on: a base to each of which a preemption is added. */
  readonly interleaved?: Interleaved;
  /** Where in the call its end has to fall for an effect to appear after it, as far as offsets have shown. */
  window?(): OffsetWindow | undefined;
  /** Asks once, after the trials, whether the rightful user is still served: remarks where not. */
  afterwards?(): Promise<readonly string[]>;
  /** What was noticed beside the race by now: a defence that locks the rightful client out. */
  remarks?(): readonly string[];
}

/** A pair of requests whose statements can be put into an order. */
export interface Interleaved {
  /** Each is tried under every preemption. */
  readonly bases: readonly Schedule[];
  /** The requests do the same: holding the second shows nothing that holding the first does not. */
  readonly alike: boolean;
  /** In words, first and second. */
  readonly names: readonly [string, string];
}

/** How one weakness is provoked and observed. One file, one scenario. */
export type Scenario = LearnedScenario | OwnScenario | MeasuredScenario;

/** Races what the operation was seen to do one call at a time. */
export interface LearnedScenario {
  readonly weakness: string;
  readonly learns: "behaviour";
  /** Most of its time is spent waiting: races of several operations run side by side, after all others. */
  readonly waits?: true;
  prepare(context: RaceContext, candidate: Candidate, behaviour: Behaviour): Promise<Prepared | Unlearned>;
  /** What can be raced where the operation fits no model family, for the reason given. */
  unlearned?(context: RaceContext, candidate: Candidate, why: Unlearned): Promise<Prepared | Unlearned>;
}

/** Calls the operation one at a time in its own way: a refresh, a code, a transfer of ownership. */
export interface OwnScenario {
  readonly weakness: string;
  readonly learns: "itself";
  prepare(context: RaceContext, candidate: Candidate): Promise<Prepared | Unlearned>;
}

/** Asks no oracle: shows an effect against a control measurement. */
export interface MeasuredScenario {
  readonly weakness: string;
  readonly learns: "nothing";
  measure(
    context: RaceContext,
    candidate: Candidate,
    onTrial: (done: number, planned: number) => void,
  ): Promise<RaceResult<MeasuredEvidence>>;
}
