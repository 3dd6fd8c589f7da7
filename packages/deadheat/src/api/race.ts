import { randomBytes, randomUUID } from "node:crypto";
import { systemClock } from "../cli/clock.ts";
import { networkFromValue } from "../config/index.ts";
import { raceFrom } from "../config/race/index.ts";
import { runRace } from "../engine/race.ts";
import type { RecordedCall } from "../findings/evidence.ts";
import type { RaceReport, RaceStatus } from "../findings/race-report.ts";
import { raceText } from "../report/race.ts";
import type { RaceInput } from "./race-input.ts";
import { withoutValues } from "./token-values.ts";

export const RACE_DEFAULTS = {
  trials: 60,
  timeoutMs: 10_000,
  requests: 50_000,
  timeLimitMs: 120_000,
} as const;

/** What became of a race. */
export interface RaceResult {
  readonly verdict: RaceStatus;
  /** The calls that suffice to show it, where it is proven. */
  readonly witness?: readonly RecordedCall[];
  readonly trials: number;
  /** Trials whose requests were under way at the same time; only these count. */
  readonly overlapped: number;
  /** Upper 95 % bound of the chance that a trial shows the race, where none did. */
  readonly bound?: number;
  /** Why it could not be judged. */
  readonly reason?: string;
  /** Given again, it reproduces orders and offsets. */
  readonly seed: string;
  /** As `deadheat race --json` prints it. */
  readonly report: RaceReport;
  /** As `deadheat race` prints it: for the message of an assertion. */
  toString(): string;
}

/**
 * Sends the requests together, as often as `trials` says, and judges answers and state. Rejects with a
 * `DeadheatError` for a scenario that cannot be run: an unknown key, an invariant that is false before the race, a
 * target beyond this machine that is not allowed.
 */
export async function race<const Extracted extends string>(input: RaceInput<Extracted>): Promise<RaceResult> {
  const { seed = randomBytes(3).toString("hex"), allow = [], authorized, signal, ...rest } = input;
  const { timeoutMs, requests, ratePerSecond, database, network, ...stated } = rest;
  const { scenario: value, env } = withoutValues(stated);
  const scenario = raceFrom(value, {
    folder: process.cwd(),
    env: { ...process.env, ...env },
    principals: [],
    mail: false,
  });
  const report = await runRace({
    scenario,
    authorization: { allow, ...(authorized === undefined ? {} : { statement: authorized }) },
    seed,
    nonce: randomBytes(5).toString("hex"),
    uuid: randomUUID,
    clock: systemClock,
    signal: signal ?? new AbortController().signal,
    timeoutMs: timeoutMs ?? RACE_DEFAULTS.timeoutMs,
    requestLimit: requests ?? RACE_DEFAULTS.requests,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    ...(database ? { database } : {}),
    ...(network ? { network: networkFromValue(network, { folder: process.cwd(), env: process.env }) } : {}),
    trials: scenario.trials ?? RACE_DEFAULTS.trials,
    timeLimitMs: RACE_DEFAULTS.timeLimitMs,
  });
  return resultOf(report);
}

function resultOf(report: RaceReport): RaceResult {
  const { status, trials, overlapped, bound, reason, seed, evidence } = report;
  const witness = evidence?.history.filter(({ id }) => evidence.witness.includes(id));
  return {
    verdict: status,
    ...(witness ? { witness } : {}),
    trials,
    overlapped,
    ...(bound === undefined ? {} : { bound }),
    ...(reason === undefined ? {} : { reason }),
    seed,
    report,
    toString: () => raceText(report),
  };
}
