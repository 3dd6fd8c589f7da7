import { randomBytes, randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { type Config, loadConfig } from "../config/index.ts";
import type { ProveOptions } from "../engine/prove/prove.ts";
import { DeadheatError } from "../errors.ts";
import { proveExitCode } from "../findings/exit.ts";
import type { ProveReport } from "../findings/prove-report.ts";
import { inertJson } from "../inert.ts";
import { proveReporter } from "../report/console/prove.ts";
import { safeName, writeIn, writeReport } from "../report/files.ts";
import { systemClock } from "./clock.ts";
import { interruptible } from "./interrupt.ts";
import { assertWeakness, wholeNumber } from "./options.ts";
import { standardOutput } from "./output.ts";

/** As commander hands them over. */
export interface ProveFlags {
  readonly config?: string;
  readonly document?: string;
  readonly python?: string;
  readonly settings?: string;
  readonly only?: readonly string[];
  readonly trials?: string;
  readonly minutes?: string;
  readonly seed?: string;
  readonly allowScript?: boolean;
  readonly yes?: boolean;
  /** False for `--no-fix`. */
  readonly fix?: boolean;
  readonly keep?: boolean;
  readonly output?: string;
  readonly format?: string;
  readonly allowInconclusive?: boolean;
}

const TRIALS = 24;
const REQUESTS = 1_000_000;
const SCENARIO_LIMIT_MS = 60_000;
const TIMEOUT_MS = 10_000;

/** Proves what races in a project, prints one page, writes the report. Returns the exit code of DESIGN §11. */
export async function proveCommand(project: string, flags: ProveFlags): Promise<number> {
  const format = flags.format ?? "console";
  if (format !== "console" && format !== "json")
    throw new DeadheatError("usage", `--format ${format}: unknown`, "The formats are console and json.");
  const root = resolve(project);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new DeadheatError("usage", `${project}: no such folder`, "Give the folder of a Django project.");
  const interrupt = interruptible();
  try {
    const report = await run(project, root, format, flags, interrupt.signal);
    return proveExitCode(report, { allowInconclusive: flags.allowInconclusive === true });
  } finally {
    interrupt.dispose();
  }
}

async function run(
  project: string,
  root: string,
  format: "console" | "json",
  flags: ProveFlags,
  signal: AbortSignal,
): Promise<ProveReport> {
  const { prove } = await import("../engine/prove/prove.ts");
  const { options, directory } = await given(project, root, flags, signal);
  const folder = join(directory, safeName(options.seed));
  const stream = format === "json" ? process.stderr : process.stdout;
  const output = standardOutput(stream);
  const reporter = proveReporter(output, folder);
  const keep = flags.keep ? { onRunning: (url: string) => untilInterrupted(url, signal, output.write) } : {};
  let report: ProveReport | undefined;
  try {
    for await (const event of prove({ ...options, ...keep })) {
      if (event.type === "proved") {
        report = event.report;
        await writeProveReport(directory, folder, report);
      }
      reporter.on(event);
    }
  } finally {
    reporter.close();
  }
  if (!report) throw new Error("prove ended without a report");
  if (format === "json") process.stdout.write(`${inertJson(report, 2)}\n`);
  return report;
}

/** Flags win over deadheat.yaml, which wins over the defaults. Throws DeadheatError. */
export async function proveOptionsFor(
  project: string,
  root: string,
  flags: ProveFlags,
  signal: AbortSignal,
): Promise<ProveOptions> {
  return (await given(project, root, flags, signal)).options;
}

async function given(
  project: string,
  root: string,
  flags: ProveFlags,
  signal: AbortSignal,
): Promise<{ readonly options: ProveOptions; readonly directory: string }> {
  const named = flags.config === undefined ? {} : { file: flags.config };
  const load = (folder: string) => loadConfig({ ...named, folder, env: process.env, signal });
  const config = (await load(process.cwd())) ?? (await load(root));
  const seed = flags.seed ?? config?.scan.seed ?? randomBytes(3).toString("hex");
  const directory = flags.output ?? config?.output ?? ".deadheat";
  const folder = join(directory, safeName(seed));
  return { options: await optionsFor({ project, root, flags, config, seed, folder, signal }), directory };
}

interface Given {
  readonly project: string;
  readonly root: string;
  readonly flags: ProveFlags;
  readonly config: Config | undefined;
  readonly seed: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function optionsFor({
  project,
  root,
  flags,
  config,
  seed,
  folder,
  signal,
}: Given): Promise<ProveOptions> {
  const { env = {}, ...harness } = config?.prove ?? {};
  const values = await Promise.all(Object.entries(env).map(async ([name, value]) => [name, await value()]));
  const document = flags.document ?? config?.document;
  const minutes = flags.minutes === undefined ? undefined : Number(flags.minutes);
  if (minutes !== undefined && !(minutes > 0))
    throw new DeadheatError(
      "usage",
      `--minutes ${flags.minutes}: not a time`,
      "Give minutes, for example 5.",
    );
  return {
    root,
    project,
    harness: {
      ...harness,
      env: Object.fromEntries(values),
      ...(flags.python === undefined ? {} : { python: flags.python }),
      ...(flags.settings === undefined ? {} : { settings: flags.settings }),
    },
    ...(document === undefined ? {} : { document }),
    documentFile: relative("", join(folder, "openapi.json")) || join(folder, "openapi.json"),
    ...(minutes === undefined ? {} : { raceLimitMs: minutes * 60_000 }),
    fix: flags.fix !== false,
    allowScript: (script) => allowed(script, flags),
    principals: config?.principals ?? [],
    objects: config?.objects ?? [],
    ...(config?.mail ? { mail: config.mail } : {}),
    optIn: config?.optIn ?? [],
    seed,
    nonce: randomBytes(5).toString("hex"),
    uuid: randomUUID,
    clock: systemClock,
    signal,
    timeoutMs: config?.scan.timeoutMs ?? TIMEOUT_MS,
    requestLimit: config?.scan.requests ?? REQUESTS,
    trials: wholeNumber("--trials", flags.trials, config?.scan.trials ?? TRIALS, 1, 10_000),
    timeLimitMs: config?.scan.timeLimitMs ?? SCENARIO_LIMIT_MS,
    ...(flags.only === undefined ? {} : { weaknesses: flags.only.map(assertWeakness) }),
  };
}

/** Shown before it is run; run where a flag or a person says so. */
async function allowed(script: string, flags: ProveFlags): Promise<boolean> {
  const lines = script
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`);
  process.stderr.write(
    `\n  This script would make users, or rows, in the throw-away database:\n\n${lines.join("\n")}\n\n`,
  );
  if (flags.allowScript || flags.yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question("  Run it? [y/N] ")).trim());
  } finally {
    prompt.close();
  }
}

async function untilInterrupted(
  url: string,
  signal: AbortSignal,
  write: (text: string) => void,
): Promise<void> {
  write(`\n  running at ${url} until Ctrl-C\n`);
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

async function writeProveReport(directory: string, folder: string, report: ProveReport): Promise<void> {
  if (report.scan) await writeReport(directory, { ...report.scan, findings: report.findings });
  const patch = (report.fix?.patches ?? []).map(({ diff }) => diff).join("");
  await writeIn(folder, [
    ...(patch === "" ? [] : [{ name: "fix.patch", text: patch }]),
    { name: "prove.json", text: `${inertJson(report, 2)}\n` },
  ]);
}
