import { Budget, type Limits, type StopReason } from "./budget.ts";
import { OracleError } from "./errors.ts";
import type { History } from "./history.ts";
import type { Model } from "./model.ts";
import { decide, decideNow, type Finding, type Verdict } from "./verdict.ts";
import { buildWitness } from "./witness/build.ts";
import type { Witness } from "./witness/witness.ts";

export interface CheckOptions extends Limits {
  /**
   * Whether to make a witness of a race, and what it may cost. Default true: up to 1,000,000
   * configurations and, with a clock, 2,000 ms, within what the check's own limits leave.
   */
  readonly witness?: boolean | WitnessOptions;
}

export interface WitnessOptions {
  readonly maxConfigs?: number;
  /** In ms of `now`; without `now`, unused. */
  readonly deadlineMs?: number;
}

export interface CheckStats {
  /** Configurations visited to reach the verdict. */
  readonly configs: number;
  /** Time to the verdict by `now`; 0 without it. */
  readonly ms: number;
  /** Why the verdict is `unknown`. */
  readonly stopped?: StopReason;
}

export interface CheckResult<I = unknown, O = unknown> {
  readonly verdict: Verdict;
  /** For `linearizable`: ids in one legal order; all answered operations, and those others that it needs. */
  readonly linearization?: readonly string[];
  /** For `race`, unless switched off. */
  readonly witness?: Witness<I, O>;
  readonly stats: CheckStats;
}

/**
 * Decides whether some sequential order of `history` that respects real time is legal under `model`
 * (Herlihy, Wing 1990). A pure function: the clock is passed in.
 *
 * Operations with the outcome `unknown` may take effect at any time after their invoke, or never; a
 * return at the very time of an invoke is concurrent with it.
 *
 * @returns `linearizable` with an order, `race` with a witness, or `unknown` where a limit ended the
 *   search. The default limit is 3,000,000 configurations.
 * @throws OracleError for a history without meaning or a model that breaks its promises; it names the
 *   operation
 */
export function check<S, I, O>(
  model: Model<S, I, O>,
  history: History<I, O>,
  options: CheckOptions = {},
): CheckResult<I, O> {
  const budget = new Budget(options);
  return conclude(model, decideNow(model, history, budget), budget, options);
}

/** Most configurations between two looks at the event loop: a few ms. */
const ASYNC_SLICE = 4000;

/**
 * `check` that lets the event loop run every few ms, so that an AbortSignal, timers and sockets work
 * while it searches. The witness of a race is made in one go.
 *
 * @throws OracleError as `check`
 */
export async function checkAsync<S, I, O>(
  model: Model<S, I, O>,
  history: History<I, O>,
  options: CheckOptions = {},
): Promise<CheckResult<I, O>> {
  const budget = new Budget(options);
  const run = decide(model, history, budget, ASYNC_SLICE);
  for (;;) {
    const step = run.next();
    if (step.done) return conclude(model, step.value, budget, options);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function conclude<S, I, O>(
  model: Model<S, I, O>,
  finding: Finding<I, O>,
  budget: Budget,
  options: CheckOptions,
): CheckResult<I, O> {
  const stats = { configs: budget.configs, ms: budget.elapsed() };
  switch (finding.verdict) {
    case "linearizable":
      return { verdict: "linearizable", linearization: finding.order, stats };
    case "unknown":
      return { verdict: "unknown", stats: { ...stats, stopped: finding.stopped } };
    case "race": {
      if (options.witness === false) return { verdict: "race", stats };
      const { maxConfigs = 1_000_000, deadlineMs = 2000 } =
        typeof options.witness === "object" ? options.witness : {};
      if (!(maxConfigs >= 0 && deadlineMs >= 0)) {
        throw new OracleError("bad-option", "the witness limits are numbers ≥ 0");
      }
      const own = budget.within(maxConfigs, deadlineMs);
      return { verdict: "race", witness: buildWitness(model, finding.part, own, finding.because), stats };
    }
  }
}
