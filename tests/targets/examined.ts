import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Controls, examineControls } from "../../packages/deadheat/src/engine/controls.ts";
import { loadPlan, prepareTarget } from "../../packages/deadheat/src/engine/prepare.ts";
import type { Target } from "./api.ts";

let runs = 0;

/** The control matrix of a target, without the races. */
export async function examined({ document, url }: Pick<Target, "document" | "url">): Promise<Controls> {
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
    timeoutMs: 5_000,
    requestLimit: 5_000,
  };
  const plan = await loadPlan(options);
  const prepared = await prepareTarget(options, plan);
  try {
    return await examineControls(prepared.context, plan, options, () => {});
  } finally {
    await prepared.close();
  }
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
