import type { Program } from "./effects/program.ts";
import type { CheckReport } from "./finding.ts";
import { judge, type Verdicts } from "./judge.ts";
import { type OpenedProgram, openProgram } from "./open-program.ts";
import { checkWithMemory } from "./recall/index.ts";
import { reportOf } from "./report-of.ts";
import { authenticatorGaps } from "./requests/authenticators.ts";

export interface CheckOptions {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Also look at tests. */
  readonly tests?: boolean;
  /** Fingerprints that are known and not reported. */
  readonly baseline?: ReadonlySet<string>;
  /** Folder in which is kept what the next run over the same sources can use again; none without it. */
  readonly cache?: string;
  /** Called for each file that is read, where all of them are. */
  readonly onFile?: () => void;
}

/** Looks for check-then-act gaps in the Python source under `path`. The project is never imported or run. */
export async function checkSource(path: string, options: CheckOptions): Promise<CheckReport> {
  const start = options.now();
  const { cache, baseline, tests = false, onFile } = options;
  if (cache === undefined) return checkProgram(await openProgram(path, options), start, options);
  const report = await checkWithMemory(path, { cache, tests, ...(onFile ? { onFile } : {}) });
  return { ...withoutKnown(report, baseline), durationMs: Math.round(options.now() - start) };
}

/** The same for a project that has been read. `start`: when reading it began. */
export function checkProgram(opened: OpenedProgram, start: number, options: CheckOptions): CheckReport {
  const { program } = opened;
  const report = reportOf(opened, whole(program, judge(program)));
  return { ...withoutKnown(report, options.baseline), durationMs: Math.round(options.now() - start) };
}

/** With what is said of requests as a whole. */
function whole(program: Program, judged: Verdicts): Verdicts {
  return { ...judged, findings: [...judged.findings, ...authenticatorGaps(program)] };
}

function withoutKnown(report: CheckReport, baseline: ReadonlySet<string> | undefined): CheckReport {
  const findings = report.findings.filter((one) => !baseline?.has(one.fingerprint));
  return { ...report, findings, ignored: report.ignored + report.findings.length - findings.length };
}
