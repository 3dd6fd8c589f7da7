import type { ScanOptions } from "../engine/options.ts";
import { scan } from "../engine/scan.ts";
import { DeadheatError } from "../errors.ts";
import type { Baseline } from "../findings/baseline.ts";
import { parseBaseline, withBaseline } from "../findings/baseline.ts";
import { compare } from "../findings/compare.ts";
import { exitCodeOf, FAIL_ON, type FailOn } from "../findings/exit.ts";
import type { Report } from "../findings/report.ts";
import { inert } from "../inert.ts";
import { comparisonLines } from "../report/console/comparison.ts";
import { pathsIn, writeReport } from "../report/files.ts";
import { today } from "./clock.ts";
import { type DatabaseFlags, databaseFor } from "./database.ts";
import { type Destination, destinationsFrom, notesOutput, openReporters } from "./destinations.ts";
import { interruptible } from "./interrupt.ts";
import { scanOptions, type TargetFlags } from "./options.ts";
import { readReport, textOf } from "./read.ts";

/** As commander hands them over. */
export interface ScanFlags extends TargetFlags, DatabaseFlags {
  readonly trials?: string;
  readonly thorough?: boolean;
  readonly format?: readonly string[];
  readonly output?: string;
  readonly allowInconclusive?: boolean;
  readonly failOn?: string;
  /** A file that accepts findings until a day. */
  readonly baseline?: string;
  /** A report of an earlier scan, to compare with. */
  readonly since?: string;
}

/** Scans, prints, writes the report. Returns the exit code of DESIGN §11. */
export async function scanCommand(document: string | undefined, flags: ScanFlags): Promise<number> {
  // Whatever is wrong with what was given is said before the first request.
  const destinations = destinationsFrom(flags.format);
  const failOn = failOnFrom(flags.failOn);
  const baseline =
    flags.baseline === undefined
      ? undefined
      : parseBaseline(flags.baseline, await textOf(flags.baseline, "baseline-invalid"));
  const since = flags.since === undefined ? undefined : await readReport(flags.since);
  const interrupt = interruptible();
  try {
    const { options, output } = await scanOptions(document, flags, interrupt.signal);
    const report = await runScan(options, output, destinations, {
      ...flags,
      ...(baseline ? { accepting: baseline } : {}),
    });
    if (since) {
      const { write, color } = notesOutput(destinations);
      for (const line of comparisonLines(compare(since, report), flags.since ?? "", color))
        write(`${line}\n`);
    }
    return exitCodeOf(report, { allowInconclusive: flags.allowInconclusive === true, failOn });
  } finally {
    interrupt.dispose();
  }
}

function failOnFrom(text: string | undefined): FailOn {
  const found = FAIL_ON.find((one) => one === (text ?? "proven"));
  if (found) return found;
  throw new DeadheatError("usage", `--fail-on ${text}: unknown`, `Give one of ${FAIL_ON.join(", ")}.`);
}

/** Consumes the event stream with a reporter for each destination. */
export async function runScan(
  options: ScanOptions,
  directory: string,
  destinations: readonly Destination[],
  flags: DatabaseFlags & { readonly accepting?: Baseline } = {},
): Promise<Report> {
  const notes = notesOutput(destinations);
  const reporter = await openReporters(destinations, {
    folder: process.cwd(),
    paths: pathsIn(directory),
  });
  let report: Report | undefined;
  try {
    const database = await databaseFor(flags, (line) => notes.write(`${line}\n`));
    try {
      for await (const event of scan({ ...options, ...(database ? { database } : {}) })) {
        if (event.type !== "ended") {
          reporter.on(event);
          continue;
        }
        report = accepted(event.report, flags.accepting, (text) => reporter.on({ type: "remark", text }));
        await writeReport(directory, report);
        reporter.on({ ...event, report });
      }
    } finally {
      await database?.close();
    }
  } finally {
    reporter.close?.();
  }
  if (!report) throw new Error("the scan ended without a report");
  return report;
}

function accepted(report: Report, baseline: Baseline | undefined, remark: (text: string) => void): Report {
  if (!baseline) return report;
  const { report: marked, remarks } = withBaseline(report, baseline, today());
  for (const one of remarks) remark(inert(one));
  return marked;
}
