import type { ScanOptions } from "../engine/options.ts";
import { scan } from "../engine/scan.ts";
import { DeadheatError } from "../errors.ts";
import { exitCodeOf } from "../findings/exit.ts";
import type { Report } from "../findings/report.ts";
import { consoleReporter } from "../report/console/console.ts";
import { findingPath, historyPath, reportPath, writeReport } from "../report/files.ts";
import { type DatabaseFlags, databaseFor } from "./database.ts";
import { interruptible } from "./interrupt.ts";
import { scanOptions, type TargetFlags } from "./options.ts";
import { standardOutput } from "./output.ts";

/** As commander hands them over. */
export interface ScanFlags extends TargetFlags, DatabaseFlags {
  readonly trials?: string;
  readonly thorough?: boolean;
  readonly format?: string;
  readonly output?: string;
  readonly allowInconclusive?: boolean;
}

/** Scans, prints, writes the report. Returns the exit code of DESIGN §11. */
export async function scanCommand(document: string | undefined, flags: ScanFlags): Promise<number> {
  const format = flags.format ?? "console";
  if (format !== "console" && format !== "json")
    throw new DeadheatError("usage", `--format ${format}: unknown`, "The formats are console and json.");
  const interrupt = interruptible();
  try {
    const { options, output } = await scanOptions(document, flags, interrupt.signal);
    const report = await runScan(options, output, format, flags);
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
  flags: DatabaseFlags = {},
): Promise<Report> {
  // JSON has standard output for itself.
  const stream = format === "json" ? process.stderr : process.stdout;
  const output = standardOutput(stream);
  const reporter =
    format === "console"
      ? consoleReporter(output, {
          report: (report) => reportPath(directory, report),
          finding: (report, finding) => findingPath(directory, report, finding),
          history: (report, finding) => historyPath(directory, report, finding),
        })
      : { on: () => {}, close: () => {} };
  let report: Report | undefined;
  const database = await databaseFor(flags, (line) => output.write(`${line}\n`));
  try {
    for await (const event of scan({ ...options, ...(database ? { database } : {}) })) {
      if (event.type === "ended") {
        report = event.report;
        await writeReport(directory, report);
      }
      reporter.on(event);
    }
  } finally {
    reporter.close?.();
    await database?.close();
  }
  if (!report) throw new Error("the scan ended without a report");
  if (format === "json") process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return report;
}
