import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Report } from "../packages/deadheat/src/index.ts";

const executable = new URL("../packages/deadheat/bin/deadheat.js", import.meta.url).pathname;
/** Runs in the scanner before anything else: tells its peak of memory (getrusage(2)) when it ends. */
const TELL_PEAK =
  "data:text/javascript," +
  encodeURIComponent(
    'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));',
  );

export interface MeasuredScan {
  readonly report: Report;
  readonly code: number | null;
  readonly seconds: number;
  readonly megabytes: number;
}

/** `deadheat scan` as a user runs it, in `folder`, with its time and its peak of memory. */
export async function measuredScan(
  args: readonly string[],
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<MeasuredScan> {
  const started = performance.now();
  const { DEADHEAT_TOKEN: _, ...env } = process.env;
  const child = spawn(
    process.execPath,
    ["--import", TELL_PEAK, executable, "scan", ...args, "--output", folder, "--format", "json"],
    { cwd: folder, env: { ...env, ...more }, stdio: ["ignore", "pipe", "inherit", "pipe"] },
  );
  let text = "";
  let peak = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  child.stdio[3]?.on("data", (chunk: Buffer) => {
    peak += chunk.toString("utf8");
  });
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = (performance.now() - started) / 1000;
  return { report: JSON.parse(text) as Report, code, seconds, megabytes: Number(peak) / 1024 };
}
