import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Controls, examineControls } from "../../packages/deadheat/src/engine/controls.ts";
import { loadPlan, prepareTarget } from "../../packages/deadheat/src/engine/prepare.ts";
import type { MeasuredEvidence } from "../../packages/deadheat/src/findings/evidence.ts";
import type { RaceResult } from "../../packages/deadheat/src/findings/finding.ts";
import type { Plan } from "../../packages/deadheat/src/plan/plan.ts";
import type { RaceContext } from "../../packages/deadheat/src/race/index.ts";
import { lockHold } from "../../packages/deadheat/src/race/scenarios/lock-hold.ts";
import type { Target } from "./api.ts";

let runs = 0;

type Served = Pick<Target, "document" | "url">;

/** Runs `work` on a target that was prepared as a scan prepares it. */
async function prepared<T>(
  { document, url }: Served,
  work: (context: RaceContext, plan: Plan, options: { readonly optIn: readonly string[] }) => Promise<T>,
  timeoutMs = 5_000,
): Promise<T> {
  const options = {
    document,
    target: url,
    authorization: { allow: [] },
    optIn: [],
    seed: "fixed",
    nonce: `c${process.pid.toString(36)}x${(runs++).toString(36)}`,
    uuid: randomUUID,
    clock: {
      now: () => performance.now(),
      sleep: (ms: number, signal?: AbortSignal) => pause(ms, undefined, signal ? { signal } : {}),
    },
    signal: new AbortController().signal,
    timeoutMs,
    requestLimit: 5_000,
  };
  const plan = await loadPlan(options);
  const ready = await prepareTarget(options, plan);
  try {
    return await work(ready.context, plan, options);
  } finally {
    await ready.close();
  }
}

/** The control matrix of a target, without the races. */
export function examined(target: Served, timeoutMs?: number, longAfterEndMs?: number): Promise<Controls> {
  const more = longAfterEndMs === undefined ? {} : { longAfterEndMs };
  return prepared(
    target,
    (context, plan, options) => examineControls(context, plan, { ...options, ...more }, () => {}),
    timeoutMs,
  );
}

/** What waits for a held request, at the operation that adds points. */
export function heldAt(target: Served): Promise<RaceResult<MeasuredEvidence>> {
  return prepared(target, async (context, plan) => {
    const candidate = plan.candidates.find((one) => one.weakness === "lock-hold");
    if (!candidate) throw new Error("nothing to hold");
    return lockHold.measure(context, candidate, () => {});
  });
}

/** `control-mismatch GET /notes/{id}`, one a finding. */
export function found({ findings }: Controls): string[] {
  return findings.map(({ weakness, operation }) => `${weakness} ${operation.method} ${operation.path}`);
}

/** The cells of one row, `none: refused`. */
export function cellsOf({ rows }: Controls, name: string): Record<string, string> {
  const row = rows.find(({ operation }) => `${operation.method} ${operation.path}` === name);
  return Object.fromEntries(
    Object.entries(row?.enforced ?? {}).map(([key, cell]) => [key, cell?.answer ?? ""]),
  );
}
