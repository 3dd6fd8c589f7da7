import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lab, startLab } from "@deadheat/lab";
import type { Report } from "../../packages/deadheat/src/index.ts";
import { halfOf } from "../../tests/targets/guarded-half.ts";
import type { Subject } from "./subjects.ts";

const executable = new URL("../../packages/deadheat/bin/deadheat.js", import.meta.url).pathname;
/** Runs in the scanner before anything else: tells its peak of memory (getrusage(2)) when it ends. */
const TELL_PEAK =
  "data:text/javascript," +
  encodeURIComponent(
    'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));',
  );

export interface Scan {
  readonly report: Report;
  readonly code: number | null;
  readonly seconds: number;
  readonly megabytes: number;
}

/** Scans a lab of its own with the command that users have. `run` counts from 0. */
export async function scanLab(subject: Subject, run: number): Promise<Scan> {
  const { half, suite, right = [] } = subject;
  const folder = mkdtempSync(join(tmpdir(), "deadheat-soak-"));
  let lab: Lab | undefined;
  try {
    const way = right[run % right.length];
    lab = await startLab({ ...(suite ? { suites: [suite] } : {}), ...(way ? { right: way } : {}) });
    const whole = suite ? (lab.suiteDocuments[0] as string) : lab.document;
    const document = half === "whole" ? whole : halfOf(whole, half, folder);
    return await scanner(document, lab.url, folder, switchesOf(subject));
  } finally {
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the operations that may be called, those of the document. */
function switchesOf({ half, only = [], optIn = [], mostRequests }: Subject): string[] {
  const there = optIn.filter((one) => half === "whole" || one.includes(` /${half}/`));
  return [
    ...only.flatMap((one) => ["--only", one]),
    ...there.flatMap((one) => ["--opt-in", one]),
    ...(mostRequests === undefined ? [] : ["--requests", String(mostRequests)]),
  ];
}

async function scanner(
  document: string,
  url: string,
  folder: string,
  switches: readonly string[],
): Promise<Scan> {
  const args = ["scan", document, "--target", url, "--output", folder, "--format", "json", ...switches];
  const started = performance.now();
  const { DEADHEAT_TOKEN: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--import", TELL_PEAK, executable, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
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
