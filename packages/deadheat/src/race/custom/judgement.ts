import type { CheckResult, History } from "@deadheat/oracle";
import type { CallNote } from "../scenarios/scenario.ts";
import type { Performance } from "./trial.ts";

/** What one performance shows. */
export interface Judgement {
  readonly result: CheckResult;
  readonly history: History<unknown, unknown>;
  readonly calls: ReadonlyMap<string, CallNote>;
  /** Why it cannot be judged. */
  readonly unjudged?: string;
  /** What is wrong, in words; for a race. */
  readonly wrong: string;
}

/** One way of saying what has to be true. */
export interface Judge {
  /** As the oracle knows it, or `invariant`. */
  readonly model: string;
  /** In words, for the list of what was checked. */
  readonly words: string;
  /** Throws DeadheatError where the state before the race already contradicts it. */
  assertBefore(performance: Performance): Promise<void>;
  judge(performance: Performance): Promise<Judgement>;
  /** What the reads after the race show, so that it can be compared later. */
  seen(readings: Performance["after"]): Promise<unknown>;
}

/** A read shows nothing of what is judged by. */
export class Unreadable extends Error {}

export const NOT_JUDGED: CheckResult = { verdict: "unknown", stats: { configs: 0, ms: 0 } };
