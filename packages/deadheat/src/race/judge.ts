import { type CheckResult, check, type History, type Model } from "@deadheat/oracle";
import type { Clock } from "../clock.ts";

const MAX_CONFIGS = 2_000_000;
const DEADLINE_MS = 2000;

/** Asks the oracle, within a budget. A budget stop is `unknown`, never "no race". */
export function judge<S, I, O>(
  clock: Clock,
  model: Model<S, I, O>,
  history: History<I, O>,
): CheckResult<I, O> {
  return check(model, history, { maxConfigs: MAX_CONFIGS, deadlineMs: DEADLINE_MS, now: () => clock.now() });
}
