import { DeadheatError } from "../errors.ts";
import { exitCodeOf } from "../findings/exit.ts";
import { parseRaceWitness } from "../findings/race-report.ts";
import { parseWitnessFile } from "../findings/witness-file.ts";
import type { DatabaseFlags } from "./database.ts";
import { destinationsFrom } from "./destinations.ts";
import { interruptible } from "./interrupt.ts";
import { scanOptions, type TargetFlags, wholeNumber } from "./options.ts";
import { raceCommand } from "./race.ts";
import { readProof } from "./read-proof.ts";
import { runScan } from "./scan.ts";

const TRIALS = 10;

interface ReplayFlags extends TargetFlags, DatabaseFlags {
  readonly document?: string;
  readonly trials?: string;
  readonly format?: string;
  readonly output?: string;
}

/**
 * Sends what a proof sent once more, from fresh set-ups, and judges it anew. Exit codes are those of a scan:
 * 1 where the race is still there, 0 where it was not observed, 3 where it could not be judged.
 */
export async function replayCommand(name: string, flags: ReplayFlags): Promise<number> {
  const format = flags.format ?? "console";
  if (format !== "console" && format !== "json")
    throw new DeadheatError("usage", `--format ${format}: unknown`, "The formats are console and json.");
  const text = await readProof(name, FILE_HINT);
  if (kindOf(text) === "race") return replayRace(name, text, flags);
  assertKind(name, text);
  const { file, evidence } = parseWitnessFile(name, text);
  const { weakness, operation } = file.finding;
  const interrupt = interruptible();
  try {
    const given = { target: file.target.origin, seed: file.seed, ...flags };
    const document = flags.document ?? file.document;
    const { options, output } = await scanOptions(document, given, interrupt.signal);
    const trials = wholeNumber("--trials", flags.trials, TRIALS, 1, 10_000);
    const only = { weakness, operation, schedule: evidence.schedule };
    assertInView(evidence.schedule.interleaving !== undefined, flags);
    const destinations = destinationsFrom([format]);
    const report = await runScan({ ...options, trials, only }, `${output}/replay`, destinations, flags);
    return exitCodeOf(report, { allowInconclusive: false });
  } finally {
    interrupt.dispose();
  }
}

/** A race of the user's own: from its file, which may name another target by now. */
async function replayRace(name: string, text: string, flags: ReplayFlags): Promise<number> {
  const { report, evidence } = parseRaceWitness(name, text);
  assertInView(evidence.schedule.interleaving !== undefined, flags);
  const { format, document = report.scenario.source, output = ".deadheat", ...given } = flags;
  return raceCommand(
    document,
    {
      target: report.target.origin,
      seed: report.seed,
      trials: String(TRIALS),
      ...given,
      json: format === "json",
      output: `${output}/replay`,
    },
    evidence.schedule,
  );
}

function kindOf(text: string): string | undefined {
  return /"schema":\s*"deadheat\/(\w+)\/\d+"/.exec(text.slice(0, 200))?.[1];
}

/** An order of statements cannot be had without the database: bursts in its place would be another proof. */
function assertInView(
  interleaving: boolean,
  { database = process.env.DEADHEAT_DATABASE }: DatabaseFlags,
): void {
  if (!interleaving || database) return;
  throw new DeadheatError(
    "usage",
    "the proof is an order of SQL statements",
    "Add --database postgres://… (the API's own), and give the API the address that is printed.",
  );
}

/** Files that are easily taken for a witness file, each with what to give in its place. */
function assertKind(name: string, text: string): void {
  const [, kind, version] = /"schema":\s*"deadheat\/(scan|finding)\/(\d+)"/.exec(text.slice(0, 200)) ?? [];
  if (kind === "scan")
    throw new DeadheatError(
      "witness-invalid",
      `${name}: is a report, not the proof of a finding`,
      "Give one of the files beside it, WEAKNESS-….json.",
    );
  if (kind === "finding" && version !== "1")
    throw new DeadheatError(
      "witness-invalid",
      `${name}: was written by another version of deadheat (its form is ${version}, this one reads 1)`,
      "Run it with the same version that wrote it, or scan again.",
    );
}

const FILE_HINT = "Give a witness file that a scan wrote, .deadheat/SEED/WEAKNESS-….json.";
