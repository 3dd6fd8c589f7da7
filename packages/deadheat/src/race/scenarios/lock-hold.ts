import type { MeasuredEvidence } from "../../findings/evidence.ts";
import type { RaceOutcome, RaceResult } from "../../findings/finding.ts";
import { SetupFailed } from "../credentials/index.ts";
import { ScanStopped } from "../pacing.ts";
import { refOf } from "../run.ts";
import { type Held, holdOnce, type WaitingCall } from "./lock-hold-trial.ts";
import type { MeasuredScenario } from "./scenario.ts";

/** How long all but the last byte of a body waits, ms: a delay that is caused by it follows it. */
const SHORT_MS = 400;
const LONG_MS = 900;
/** Of each length, alternated. */
const EACH = 5;
const MOST_ATTEMPTS = 16;
const SCREENED = 5;
const LOOKS_HELD = 2;

/**
 * A request whose body is kept back by one byte, and what others wait for meanwhile: the revocation of its token,
 * and the same call of the same user under another token. The same of another user at the same time must not
 * wait: a busy worker is no lock.
 */
export const lockHold: MeasuredScenario = {
  weakness: "lock-hold",
  learns: "nothing",
  async measure(context, candidate, onTrial) {
    const { act, rivals } = candidate;
    const base = { weakness: "lock-hold", operation: refOf(act.operation) };
    const done: Held[] = [];
    const hold = async (heldMs: number, planned: number) => {
      context.signal.throwIfAborted();
      const held = await holdOnce(context, act, rivals ?? [], heldMs);
      if (typeof held === "string") throw new SetupFailed(held);
      done.push(held);
      onTrial(done.length, planned);
      return held;
    };
    try {
      while (done.length < SCREENED && looksHeld(done).length === 0) await hold(SHORT_MS, SCREENED);
      const [suspect] = looksHeld(done);
      if (suspect === undefined) return { outcome: { ...base, ...quiet(done) } };
      done.length = 0;
      while (done.length < MOST_ATTEMPTS && missing(done, suspect).length > 0) {
        const [next = SHORT_MS] = missing(done, suspect);
        const last = done.at(-1)?.heldMs;
        const other = next === SHORT_MS ? LONG_MS : SHORT_MS;
        await hold(last === next && missing(done, suspect).includes(other) ? other : next, 2 * EACH);
      }
      return verdict(base, done, suspect);
    } catch (error) {
      if (!(error instanceof SetupFailed || error instanceof ScanStopped)) throw error;
      const counts = { trials: done.length, overlapped: done.filter((one) => one.pending).length };
      return { outcome: { ...base, ...counts, status: "inconclusive", reason: error.message } };
    }
  },
};

/** Calls that were answered only after the release, at least twice, while the other user's were not. */
function looksHeld(done: readonly Held[]): string[] {
  const names = new Set(done.flatMap(({ calls }) => calls.map((one) => one.does)));
  return [...names].filter((name) => done.filter((one) => waited(one, name)).length >= LOOKS_HELD);
}

function callOf({ calls }: Held, name: string): WaitingCall | undefined {
  return calls.find((one) => one.does === name);
}

/** The held request was still waiting for its byte, the other user was served, and this call was not. */
function waited(held: Held, name: string): boolean {
  const call = callOf(held, name);
  return held.pending && call?.afterRelease === true && !call.otherAfterRelease;
}

/** Hold lengths of which there are too few comparable trials, the rarer first. */
function missing(done: readonly Held[], name: string): number[] {
  const count = (heldMs: number) => comparable(done, name).filter((one) => one.heldMs === heldMs).length;
  return [SHORT_MS, LONG_MS].filter((one) => count(one) < EACH).sort((a, b) => count(a) - count(b));
}

/** On a machine that stalls, the other user waits too: such a trial says nothing either way. */
function comparable(done: readonly Held[], name: string): Held[] {
  return done.filter((one) => one.pending && callOf(one, name)?.otherAfterRelease === false);
}

type Base = Pick<RaceOutcome, "weakness" | "operation">;

/** A bound on how often would say little here: that a lock is held from the head on is no matter of chance. */
function quiet(done: readonly Held[]): Omit<RaceOutcome, "weakness" | "operation"> {
  const pending = done.filter((one) => one.pending && one.calls.length > 0);
  const counts = { trials: done.length, overlapped: pending.length };
  if (pending.length === 0) {
    const reason = done.some((one) => one.pending)
      ? "neither a revocation nor the same call was acknowledged meanwhile"
      : "it was answered before its body was complete";
    return { ...counts, status: "inconclusive", reason };
  }
  const busy = pending.filter((one) => one.calls.some((call) => call.afterRelease && call.otherAfterRelease));
  if (busy.length > pending.length / 2) {
    const reason = "while a body is incomplete every user waits: the server is busy, which is no lock";
    return { ...counts, overlapped: 0, status: "inconclusive", reason };
  }
  return { ...counts, status: "not-observed", reason: `${pending.length} held requests kept nobody waiting` };
}

function verdict(base: Base, done: readonly Held[], name: string): RaceResult<MeasuredEvidence> {
  const usable = comparable(done, name);
  const counts = { ...base, trials: done.length, overlapped: usable.length };
  const open = (reason: string) => ({ outcome: { ...counts, status: "inconclusive" as const, reason } });
  if (missing(done, name).length > 0) return open("the other user was held up too often to compare with");
  if (!usable.every((one) => waited(one, name)))
    return open(`${name} waited in some trials and not in others`);
  const measurements = usable.flatMap((one) => {
    const call = callOf(one, name);
    return call ? [{ heldMs: one.heldMs, waitedMs: call.waitedMs, otherWaitedMs: call.otherWaitedMs }] : [];
  });
  const median = (heldMs: number) =>
    middle(measurements.filter((one) => one.heldMs === heldMs).map((one) => one.waitedMs));
  const follows = (median(LONG_MS) - median(SHORT_MS)) / (LONG_MS - SHORT_MS);
  if (follows < 0.6 || follows > 1.4) return open("the delay does not follow how long the body was held");
  const { method, path } = base.operation;
  const evidence: MeasuredEvidence = {
    kind: "runtime",
    form: "measured",
    summary:
      `While the last byte of a ${method} ${path} is missing, ${name} waits: ` +
      `${Math.round(median(SHORT_MS))} ms where it is held for ${SHORT_MS} ms, ${Math.round(median(LONG_MS))} ms where for ${LONG_MS} ms.`,
    measurements: measurements.map((one) => ({
      heldMs: one.heldMs,
      waitedMs: Math.round(one.waitedMs * 10) / 10,
      otherWaitedMs: Math.round(one.otherWaitedMs * 10) / 10,
    })),
    controls: [
      "it was answered only after the last byte had left, in every trial",
      "the same of another user, sent at the same time, was answered before that, in every trial",
    ],
  };
  return { outcome: { ...counts, status: "proven" }, evidence };
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
