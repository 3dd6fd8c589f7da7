import { version } from "../version.ts";
import type { CheckReport, Partial } from "./finding.ts";
import { judge } from "./judge.ts";
import { partlyParsed } from "./load.ts";
import { type OpenedProgram, openProgram } from "./open-program.ts";
import type { Module } from "./project/definitions.ts";

export interface CheckOptions {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Also look at tests. */
  readonly tests?: boolean;
  /** Fingerprints that are known and not reported. */
  readonly baseline?: ReadonlySet<string>;
}

/** Looks for check-then-act gaps in the Python source under `path`. The project is never imported or run. */
export async function checkSource(path: string, options: CheckOptions): Promise<CheckReport> {
  const start = options.now();
  return checkProgram(await openProgram(path, options), start, options);
}

/** The same for a project that has been read. `start`: when reading it began. */
export function checkProgram(opened: OpenedProgram, start: number, options: CheckOptions): CheckReport {
  const { program, modules, partial, bytes, files } = opened;
  const judged = judge(program);
  const findings = judged.findings.filter((one) => !options.baseline?.has(one.fingerprint));
  return {
    schema: "deadheat/check/1",
    tool: { name: "deadheat", version },
    findings,
    files: files.length,
    bytes,
    partial: [...partial, ...misread(modules), ...judged.partial],
    ignored: judged.ignored + judged.findings.length - findings.length,
    durationMs: Math.round(options.now() - start),
  };
}

/** Functions that were parsed when they were asked for, and not understood. */
function misread(modules: readonly Module[]): Partial[] {
  return modules
    .filter((one) => one.misread.length > 0)
    .map((one) => ({ file: one.path, reason: partlyParsed(one.source, one.misread) }));
}
