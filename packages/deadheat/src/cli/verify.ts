import { join, resolve } from "node:path";
import type { VerifyOptions } from "../engine/verify.ts";
import { DeadheatError } from "../errors.ts";
import { findingsIn, type ReportToVerify } from "../findings/verify-input.ts";
import { type VerifyReport, type VerifyResult, verifyExitCode } from "../findings/verify-report.ts";
import { inertJson } from "../inert.ts";
import { verifyPage } from "../report/console/verify.ts";
import { safeName, writeIn } from "../report/files.ts";
import { version } from "../version.ts";
import { type DatabaseFlags, databaseFor } from "./database.ts";
import { interruptible } from "./interrupt.ts";
import { scanOptions, type TargetFlags } from "./options.ts";
import { standardOutput } from "./output.ts";
import { proveOptionsFor } from "./prove.ts";
import { readProof } from "./read-proof.ts";

export interface VerifyFlags extends TargetFlags, DatabaseFlags {
  readonly document?: string;
  readonly project?: string;
  readonly allowScript?: boolean;
  readonly trials?: string;
  readonly format?: string;
  readonly output?: string;
}

/** Runs the proofs of a report again, prints what became of each, writes the report. Returns the exit code. */
export async function verifyCommand(name: string, flags: VerifyFlags): Promise<number> {
  const format = flags.format ?? "console";
  if (format !== "console" && format !== "json")
    throw new DeadheatError("usage", `--format ${format}: unknown`, "The formats are console and json.");
  const input = findingsIn(name, await readProof(name, FILE_HINT));
  const interrupt = interruptible();
  const started = performance.now();
  const output = standardOutput(format === "json" ? process.stderr : process.stdout);
  try {
    const { results, target } =
      input.project !== undefined && flags.target === undefined
        ? await ofProject(input, input.project, flags, interrupt.signal, (line) => output.write(`${line}\n`))
        : await ofTarget(input, flags, interrupt.signal, (line) => output.write(`${line}\n`));
    const report: VerifyReport = {
      schema: "deadheat/verify/1",
      tool: { name: "deadheat", version },
      seed: flags.seed ?? input.seed,
      target,
      results,
      durationMs: Math.round(performance.now() - started),
    };
    const folder = join(flags.output ?? ".deadheat", "verify", safeName(report.seed));
    await writeIn(folder, [{ name: "verify.json", text: `${inertJson(report, 2)}\n` }]);
    if (format === "json") process.stdout.write(`${inertJson(report, 2)}\n`);
    else output.write(verifyPage(report, folder, output.color));
    return verifyExitCode(report);
  } finally {
    interrupt.dispose();
  }
}

interface Verified {
  readonly results: readonly VerifyResult[];
  readonly target: string;
}

async function ofTarget(
  input: ReportToVerify,
  flags: VerifyFlags,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<Verified> {
  const given = {
    ...(input.origin === undefined ? {} : { target: input.origin }),
    seed: input.seed,
    ...flags,
  };
  const { options } = await scanOptions(flags.document ?? input.document, given, signal);
  const database = await databaseFor(flags, tell);
  try {
    const { verifyFindings } = await import("../engine/verify.ts");
    const all: VerifyOptions = { ...options, ...(database ? { database } : {}) };
    return { results: await verifyFindings(all, input.findings), target: given.target ?? "" };
  } finally {
    await database?.close();
  }
}

/** Of a prove report: the project is started as it is now. */
async function ofProject(
  input: ReportToVerify,
  project: string,
  flags: VerifyFlags,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<Verified> {
  const folder = flags.project ?? project;
  const options = await proveOptionsFor(
    folder,
    resolve(folder),
    { ...flags, seed: input.seed, fix: false },
    signal,
  );
  const { verifyProject } = await import("../engine/prove/verify-project.ts");
  const outcome = await verifyProject(options, input.findings, (event) => {
    if (event.type === "step") tell(`  ${event.step.padEnd(8)} ${event.text}`);
  });
  if ("results" in outcome) return outcome;
  throw new DeadheatError(
    "project-not-started",
    [
      `${folder} was not started: ${outcome.step}: ${outcome.reason}`,
      ...outcome.lines.map((line) => `  ${line}`),
    ].join("\n"),
    outcome.hint,
  );
}

const FILE_HINT = "Give .deadheat/SEED/report.json or prove.json.";
