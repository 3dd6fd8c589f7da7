import { keepRunnerFacts } from "../by-hand.ts";
import type { CheckReport } from "../finding.ts";
import { judge } from "../judge.ts";
import { loadModules } from "../load.ts";
import { programOf } from "../open-program.ts";
import type { Module } from "../project/definitions.ts";
import type { SourceFile } from "../project/files.ts";
import { reportOf } from "../report-of.ts";
import { authenticatorGaps } from "../requests/authenticators.ts";
import { sha256 } from "../stamp.ts";
import { actingIn } from "./acting.ts";
import { type FileState, timesOf } from "./file-states.ts";
import { FilesKept } from "./files-kept.ts";
import { FunctionTable } from "./function-table.ts";
import { judgedBy } from "./judged-by.ts";
import { Misremembered } from "./misremembered.ts";
import { Numbering } from "./numbering.ts";
import { outsideOf } from "./outside.ts";
import { Recollection } from "./recollection.ts";
import { RunnerFactsKept } from "./runner-facts.ts";
import { routesAsRecords, tablesOf } from "./tables.ts";
import { TellingAgain } from "./told.ts";

/** A report, and what the next run may use of how it was made; nothing where that depends on more than the sources. */
export interface Made {
  readonly report: CheckReport;
  readonly sections?: Readonly<Record<string, unknown>>;
}

/** Reads and analyses all. */
export async function fromScratch(
  path: string,
  files: readonly SourceFile[],
  begun: number,
  summaries: string,
  onFile: () => void = () => {},
): Promise<Made> {
  const states: FileState[] = [];
  const loaded = await loadModules(
    files,
    (file, { hash }, module, notes) => {
      onFile();
      states.push({
        path: file.path,
        ...timesOf(file),
        hash,
        notes,
        ...(module ? { module: stateOf(module) } : {}),
      });
    },
    sha256,
  );
  const { modules } = loaded;
  const program = programOf(path, modules);
  try {
    const numbering = new Numbering(
      modules,
      modules.map((one) => one.all.length),
    );
    const acting = actingIn(program.project, numbering);
    const never = () => false;
    const recollection = new Recollection(program, numbering, acting.ranks.flat(), { summaries }, never);
    const runners = new RunnerFactsKept(program.project, numbering);
    keepRunnerFacts(program.project, runners);
    const telling = new TellingAgain({ findings: [], gaps: [] }, numbering, never, never);
    const judged = judgedBy(recollection, telling, acting, numbering);
    const report = reportOf({ ...loaded, files }, judged);
    const tables = tablesOf(program, numbering);
    const routes = routesAsRecords(program.routes, numbering);
    // Where the stack was too small for a function depends on who called it: nothing to go by.
    if (judged.partial.length > 0 || !tables || !routes) {
      recollection.discard();
      return { report };
    }
    const told = { findings: telling.findings, gaps: telling.gaps };
    return {
      report,
      sections: {
        ...FilesKept.of(begun, states).sections(),
        report,
        ...FunctionTable.of(modules).sections(),
        ...recollection.sections(),
        tables,
        routes,
        acting,
        runners: runners.record(),
        told,
      },
    };
  } catch (error) {
    if (!(error instanceof Misremembered)) throw error;
    for (const { misread } of modules) misread.length = 0;
    const judged = judge(program);
    const findings = [...judged.findings, ...authenticatorGaps(program)];
    return { report: reportOf({ ...loaded, files }, { ...judged, findings }) };
  }
}

export function stateOf(module: Module): NonNullable<FileState["module"]> {
  return {
    outside: outsideOf(module),
    functions: module.all.length,
    isWhole: module.all.some((one) => one.headEnd === undefined),
  };
}
