import { version } from "../version.ts";
import type { Program } from "./effects/program.ts";
import type { CheckReport, Partial } from "./finding.ts";
import { judge, type Verdicts } from "./judge.ts";
import { partlyParsed } from "./load.ts";
import { type OpenedProgram, openProgram } from "./open-program.ts";
import type { Module } from "./project/definitions.ts";
import { findSources } from "./project/files.ts";
import { recall } from "./recall/index.ts";
import type { Memory } from "./recall/record.ts";
import { nameOf, reportFile } from "./report-cache.ts";
import { authenticatorGaps } from "./requests/authenticators.ts";
import { analyserStamp, StampedFile } from "./stamped-file.ts";

export interface CheckOptions {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Also look at tests. */
  readonly tests?: boolean;
  /** Fingerprints that are known and not reported. */
  readonly baseline?: ReadonlySet<string>;
  /** Folder in which is kept what the next run over the same sources can use again; none without it. */
  readonly cache?: string;
}

/** Looks for check-then-act gaps in the Python source under `path`. The project is never imported or run. */
export async function checkSource(path: string, options: CheckOptions): Promise<CheckReport> {
  const start = options.now();
  if (options.cache === undefined) return checkProgram(await openProgram(path, options), start, options);
  const tests = options.tests === true;
  const stamp = analyserStamp();
  const cache = reportFile(options.cache, path, await findSources(path, { tests }), { tests, stamp });
  const memory = new StampedFile<Memory>(options.cache, nameOf("memory", path, { tests }), stamp);
  const known = cache.read();
  const { baseline: _, ...rest } = options;
  const report = known ?? checkProgram(await openProgram(path, options), start, rest, memory);
  if (!known) cache.write(report);
  return { ...withoutKnown(report, options.baseline), durationMs: Math.round(options.now() - start) };
}

/** The same for a project that has been read. `start`: when reading it began. */
export function checkProgram(
  opened: OpenedProgram,
  start: number,
  options: CheckOptions,
  memory?: StampedFile<Memory>,
): CheckReport {
  const { program, modules, partial, bytes, files } = opened;
  const judged = memory ? recall(program, memory, whole) : whole(program, judge(program));
  const report: CheckReport = {
    schema: "deadheat/check/1",
    tool: { name: "deadheat", version },
    findings: judged.findings,
    files: files.length,
    bytes,
    partial: [...partial, ...misread(modules), ...judged.partial],
    ignored: judged.ignored,
    durationMs: Math.round(options.now() - start),
  };
  return withoutKnown(report, options.baseline);
}

/** With what is said of requests as a whole. */
function whole(program: Program, judged: Verdicts): Verdicts {
  return { ...judged, findings: [...judged.findings, ...authenticatorGaps(program)] };
}

function withoutKnown(report: CheckReport, baseline: ReadonlySet<string> | undefined): CheckReport {
  const findings = report.findings.filter((one) => !baseline?.has(one.fingerprint));
  return { ...report, findings, ignored: report.ignored + report.findings.length - findings.length };
}

/** Functions that were parsed when they were asked for, and not understood. */
function misread(modules: readonly Module[]): Partial[] {
  return modules
    .filter((one) => one.misread.length > 0)
    .map((one) => {
      const inOrder = [...one.misread].sort((a, b) => a.start - b.start);
      return { file: one.path, reason: partlyParsed(one.source, inOrder) };
    });
}
