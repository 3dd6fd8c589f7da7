import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";

export interface Run {
  /** Wall clock of the whole process, ms. */
  readonly ms: number;
  /** Of all its threads, ms: less disturbed by what else the machine does. */
  readonly cpuMs: number;
  /** Largest resident set, MB. */
  readonly mb: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command under GNU time's rule: what the process itself says of its largest resident set. */
export function measured(script: string, args: readonly string[], cwd: string): Run {
  const tell = `process.on("exit", () => require("fs").writeSync(2, "\\nmaxrss " + process.resourceUsage().maxRSS + " cpu " + (process.resourceUsage().userCPUTime + process.resourceUsage().systemCPUTime) + "\\n"));`;
  const preload = `data:text/javascript,${encodeURIComponent(`import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(`${cwd}/x.js`)}); ${tell}`)}`;
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", preload, script, ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    env: { ...process.env, DEADHEAT_BUILT: "1", NO_COLOR: "1", REDOCLY_TELEMETRY: "off" },
    timeout: 300_000,
  });
  const ms = performance.now() - started;
  const [, rss = 0, cpu = 0] = [...stderr.matchAll(/^maxrss (\d+) cpu (\d+)$/gm)].at(-1) ?? [];
  return { ms, cpuMs: Number(cpu) / 1000, mb: Number(rss) / 1000, code: status, stdout, stderr };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
