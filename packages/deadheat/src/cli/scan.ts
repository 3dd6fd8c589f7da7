import { randomBytes, randomUUID } from "node:crypto";
import { type ScanOptions, scan } from "../engine/scan.ts";
import { DeadheatError } from "../errors.ts";
import { exitCodeOf } from "../findings/exit.ts";
import type { Report } from "../findings/report.ts";
import { consoleReporter } from "../report/console/console.ts";
import { findingPath, historyPath, reportPath, writeReport } from "../report/files.ts";
import { systemClock } from "./clock.ts";
import { interruptible } from "./interrupt.ts";

const THOROUGH_TRIALS = 300;
const SCENARIO_LIMIT_MS = 120_000;

/** As commander hands them over. */
export interface ScanFlags {
  readonly target?: string;
  readonly allow?: readonly string[];
  readonly authorized?: string;
  readonly optIn?: readonly string[];
  readonly seed?: string;
  readonly trials?: string;
  readonly thorough?: boolean;
  readonly timeout?: string;
  readonly requests?: string;
  readonly format?: string;
  readonly output: string;
  readonly allowInconclusive?: boolean;
}

/** Scans, prints, writes the report. Returns the exit code of DESIGN §11. */
export async function scanCommand(document: string, flags: ScanFlags): Promise<number> {
  const format = flags.format ?? "console";
  if (format !== "console" && format !== "json")
    throw new DeadheatError("usage", `--format ${format}: unknown`, "The formats are console and json.");
  const interrupt = interruptible();
  try {
    const report = await runScan(optionsFrom(document, flags, interrupt.signal), flags.output, format);
    return exitCodeOf(report, { allowInconclusive: flags.allowInconclusive === true });
  } finally {
    interrupt.dispose();
  }
}

/** Consumes the event stream with the reporters of one format. */
export async function runScan(
  options: ScanOptions,
  directory: string,
  format: "console" | "json",
): Promise<Report> {
  // JSON has standard output for itself.
  const stream = format === "json" ? process.stderr : process.stdout;
  const output = {
    write: (text: string) => void stream.write(text),
    live: stream.isTTY === true && process.env.CI === undefined,
    color: stream.isTTY === true && process.env.NO_COLOR === undefined,
  };
  const reporter =
    format === "console"
      ? consoleReporter(output, {
          report: (report) => reportPath(directory, report),
          finding: (report, finding) => findingPath(directory, report, finding),
          history: (report, finding) => historyPath(directory, report, finding),
        })
      : { on: () => {}, close: () => {} };
  let report: Report | undefined;
  try {
    for await (const event of scan(options)) {
      if (event.type === "ended") {
        report = event.report;
        await writeReport(directory, report);
      }
      reporter.on(event);
    }
  } finally {
    reporter.close?.();
  }
  if (!report) throw new Error("the scan ended without a report");
  if (format === "json") process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return report;
}

export function optionsFrom(document: string, flags: ScanFlags, signal: AbortSignal): ScanOptions {
  const token = process.env.DEADHEAT_TOKEN;
  return {
    document,
    ...(flags.target === undefined ? {} : { target: flags.target }),
    authorization: {
      allow: flags.allow ?? [],
      ...(flags.authorized === undefined ? {} : { statement: flags.authorized }),
    },
    ...(token === undefined || token === "" ? {} : { token }),
    optIn: flags.optIn ?? [],
    seed: flags.seed ?? randomBytes(3).toString("hex"),
    nonce: randomBytes(5).toString("hex"),
    uuid: randomUUID,
    clock: systemClock,
    signal,
    trials: flags.thorough ? THOROUGH_TRIALS : wholeNumber("--trials", flags.trials ?? "60", 1, 10_000),
    timeLimitMs: SCENARIO_LIMIT_MS,
    timeoutMs: wholeNumber("--timeout", flags.timeout ?? "10000", 1, 600_000),
    requestLimit: wholeNumber("--requests", flags.requests ?? "50000", 1, 10_000_000),
  };
}

function wholeNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new DeadheatError(
    "usage",
    `${name} ${text}: not a whole number`,
    `Give a number from ${low} to ${high}.`,
  );
}
