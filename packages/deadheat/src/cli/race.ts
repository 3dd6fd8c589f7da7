import { loadConfig } from "../config/index.ts";
import { loadRace } from "../config/race/index.ts";
import { runRace } from "../engine/race.ts";
import { DeadheatError } from "../errors.ts";
import { type RaceReport, raceExitCode } from "../findings/race-report.ts";
import { inert, inertJson } from "../inert.ts";
import type { CustomSchedule } from "../plan/custom.ts";
import { liveLine } from "../report/console/live.ts";
import { raceText } from "../report/race.ts";
import { writeRaceReport } from "../report/race-file.ts";
import { version } from "../version.ts";
import { type DatabaseFlags, databaseFor } from "./database.ts";
import { interruptible } from "./interrupt.ts";
import { type TargetFlags, targetOptionsFrom, wholeNumber } from "./options.ts";
import { standardOutput } from "./output.ts";

const TRIALS = 60;
const LIMIT_MS = 120_000;
const OUTPUT = ".deadheat";

/** As commander hands them over. */
export interface RaceFlags extends TargetFlags, DatabaseFlags {
  readonly trials?: string;
  readonly json?: boolean;
  readonly output?: string;
  readonly allowInconclusive?: boolean;
}

/** Races a scenario of the user's own and prints what became of it. Returns the exit code of DESIGN §11. */
export async function raceCommand(file: string, flags: RaceFlags, only?: CustomSchedule): Promise<number> {
  const interrupt = interruptible();
  try {
    const report = await raceOnce(file, flags, interrupt.signal, only);
    return raceExitCode(report, { allowInconclusive: flags.allowInconclusive === true });
  } finally {
    interrupt.dispose();
  }
}

async function raceOnce(
  file: string,
  flags: RaceFlags,
  signal: AbortSignal,
  only: CustomSchedule | undefined,
): Promise<RaceReport> {
  const named = flags.config === undefined ? {} : { file: flags.config };
  const config = await loadConfig({ ...named, folder: process.cwd(), env: process.env, signal });
  const options = targetOptionsFrom(file, flags, config, signal);
  const { principals = [], mail, target: chosen } = options;
  const scenario = await loadRace(file, { env: process.env, signal, principals, mail: mail !== undefined });
  // The file's own target goes before the one that deadheat.yaml names for everything.
  const target = flags.target ?? scenario.target ?? chosen;
  if (target === undefined)
    throw new DeadheatError("usage", "no target", "Add --target URL, or target: to the race file.");
  const output = standardOutput(flags.json ? process.stderr : process.stdout);
  const live = liveLine(output);
  if (!flags.json)
    output.write(`deadheat ${version} · ${inert(target)} · ${inert(file)} · seed ${inert(options.seed)}\n\n`);
  let report: RaceReport;
  const database = await databaseFor(flags, (line) => output.write(`${line}\n`));
  try {
    report = await runRace({
      ...options,
      ...(database ? { database } : {}),
      target,
      scenario,
      trials: wholeNumber(
        "--trials",
        flags.trials,
        scenario.trials ?? config?.scan.trials ?? TRIALS,
        1,
        10_000,
      ),
      timeLimitMs: config?.scan.timeLimitMs ?? LIMIT_MS,
      onTrial: (done, planned) => live.show(`  trial ${done}/${planned}`),
      ...(only ? { only } : {}),
    });
  } finally {
    live.clear();
    await database?.close();
  }
  const files = await writeRaceReport(flags.output ?? config?.output ?? OUTPUT, report);
  if (flags.json) process.stdout.write(`${inertJson(report, 2)}\n`);
  else {
    output.write(`${raceText(report, { color: output.color, witness: files.report })}\n`);
    output.write(
      `\n${report.requests} requests · ${(report.durationMs / 1000).toFixed(1)} s\nreport  ${inert(files.report)}\npage    ${inert(files.page)}\n`,
    );
  }
  return report;
}
