import pc from "picocolors";
import { scan } from "../engine/scan.ts";
import { exitCodeOf } from "../findings/exit.ts";
import type { Report } from "../findings/report.ts";
import { scheduleText } from "../report/console/schedule.ts";
import { writeReport } from "../report/files.ts";
import { type DatabaseFlags, requiredDatabase } from "./database.ts";
import { interruptible } from "./interrupt.ts";
import { scanOptions, type TargetFlags } from "./options.ts";
import { standardOutput } from "./output.ts";

interface InterleaveFlags extends TargetFlags, DatabaseFlags {
  readonly operation: string;
  readonly only?: readonly string[];
  readonly output?: string;
}

/**
 * Plays one operation against itself, and against what ends its token, under every schedule with one preemption, and
 * prints each as two lanes. Exit codes are those of a scan; a schedule that was not realised makes it 3.
 */
export async function interleaveCommand(
  document: string | undefined,
  flags: InterleaveFlags,
): Promise<number> {
  const interrupt = interruptible();
  const output = standardOutput(process.stdout);
  const color = pc.createColors(output.color);
  const print = (line: string) => output.write(`${line}\n`);
  const database = await requiredDatabase(flags, print);
  try {
    const { options, output: directory } = await scanOptions(document, flags, interrupt.signal);
    const wanted = { ...options, database, operation: flags.operation, schedulesOnly: true };
    let report: Report | undefined;
    for await (const event of scan(wanted)) {
      if (event.type === "remark") print(`  note    ${event.text}`);
      else if (event.type === "schedule") print(scheduleText(event, color));
      else if (event.type === "race-ended" && event.outcome.status !== "not-applicable")
        print(outcomeText(event.outcome));
      else if (event.type === "ended") report = event.report;
    }
    if (!report) throw new Error("the scan ended without a report");
    await writeReport(directory, report);
    return exitCodeOf(report, { allowInconclusive: false });
  } finally {
    await database.close();
    interrupt.dispose();
  }
}

function outcomeText({ weakness, operation, status, reason, schedules }: Report["outcomes"][number]): string {
  const counts = schedules
    ? ` · ${schedules.planned} schedules planned, ${schedules.realised} realised, ${schedules.unrealised} not, ${schedules.skipped} skipped`
    : "";
  const uncovered = (schedules?.uncovered ?? []).map((one) => `\n    uncovered: ${one}`).join("");
  const why = reason === undefined ? "" : `\n    ${reason}`;
  return `\n= ${weakness} ${operation.method} ${operation.path}: ${status}${counts}${why}${uncovered}\n`;
}
