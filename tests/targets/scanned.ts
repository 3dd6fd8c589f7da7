import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Report, type ScanEvent, type ScanOptions, scan } from "../../packages/deadheat/src/index.ts";
import type { Target } from "./api.ts";

let runs = 0;

type Addressed = Pick<Target, "url" | "document">;

/** What most targets are about; a scan of everything takes its time with locks and controls. */
const RACES = ["lost-update", "limit-overrun", "revocation-race"];

/** Few trials and a fixed seed. */
export function optionsFor(target: Addressed, options: Partial<ScanOptions> = {}): ScanOptions {
  return {
    document: target.document,
    target: target.url,
    authorization: { allow: [] },
    optIn: [],
    seed: "fixed",
    nonce: `t${process.pid.toString(36)}x${(runs++).toString(36)}`,
    uuid: randomUUID,
    clock: {
      now: () => performance.now(),
      sleep: (ms, signal) => pause(ms, undefined, signal ? { signal } : {}),
    },
    signal: new AbortController().signal,
    trials: 8,
    weaknesses: RACES,
    timeLimitMs: 20_000,
    timeoutMs: 5_000,
    requestLimit: 50_000,
    ...options,
  };
}

/** Scans a target with few trials and a fixed seed. */
export async function scanned(
  target: Addressed,
  options: Partial<ScanOptions> = {},
): Promise<{ report: Report; events: readonly ScanEvent[] }> {
  const events: ScanEvent[] = [];
  for await (const event of scan(optionsFor(target, options))) events.push(event);
  const ended = events.at(-1);
  if (ended?.type !== "ended") throw new Error("the scan did not end");
  return { report: ended.report, events };
}

/** `lost-update POST /points: inconclusive (reason)`, one line an outcome. */
export function lines(report: Report): string[] {
  return report.outcomes.map(
    ({ weakness, operation, status, reason }) =>
      `${weakness} ${operation.method} ${operation.path}: ${status}${reason ? ` (${reason})` : ""}`,
  );
}
