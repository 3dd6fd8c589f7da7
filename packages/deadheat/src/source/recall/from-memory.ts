import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { keepRunnerFacts } from "../by-hand.ts";
import { Program } from "../effects/program.ts";
import { moduleOf } from "../load.ts";
import type { Grammar } from "../parse/grammar.ts";
import { decodeSource } from "../parse/text.ts";
import type { Module } from "../project/definitions.ts";
import { LaterModule } from "../project/later-module.ts";
import { Models } from "../project/models.ts";
import { Project } from "../project/project.ts";
import { type Route, routesOf } from "../project/routes.ts";
import { reportOf } from "../report-of.ts";
import { sha256 } from "../stamp.ts";
import { type ActingRecord, actingAfter } from "./acting.ts";
import {
  type FileState,
  type FilesRecord,
  type FileToday,
  type ModuleState,
  type Today,
  timesOf,
} from "./file-states.ts";
import { type Made, stateOf } from "./from-scratch.ts";
import { FunctionRecords } from "./function-records.ts";
import { FunctionTable } from "./function-table.ts";
import { judgedBy } from "./judged-by.ts";
import { Misremembered } from "./misremembered.ts";
import { Numbering } from "./numbering.ts";
import { Recollection } from "./recollection.ts";
import type { FunctionNumber } from "./record.ts";
import { RunnerFactsKept, type RunnerRecord } from "./runner-facts.ts";
import type { Sections } from "./sections.ts";
import {
  keepViews,
  modelsKept,
  NamesKept,
  type RouteRecord,
  routesAsRecords,
  routesKept,
  settingsKept,
  type Tables,
} from "./tables.ts";
import { type GapRecord, TellingAgain, type ToldRecord } from "./told.ts";

/** A file today, with its module and what is to be kept of it. */
interface Opened {
  readonly state: FileState;
  readonly module?: Module;
  /** What has been read, since it is not what it was. */
  readonly isRead: boolean;
}

/**
 * Reads what has changed since the last run and analyses what that touches. Nothing where something outside of the
 * bodies of functions has changed: then all may mean something else.
 */
export function fromMemory(
  path: string,
  begun: number,
  today: Today,
  last: FilesRecord,
  kept: Sections,
  grammar: Grammar,
): Made | undefined {
  const before = last.files.filter((one) => one.module);
  const numbers = firstNumbers(before);
  const size = numbers.at(-1) as number;
  const table = FunctionTable.kept(kept, size);
  const place = new Map(before.map((one, index) => [one.path, index]));
  const opened = today.files.map((one) => {
    const first = numbers[place.get(one.file.path) ?? -1] ?? 0;
    return open(one, (state) => () => table.known(first, state.functions), grammar);
  });
  const withModule = opened.filter((one) => one.module);
  if (!isSameOutside(withModule, before)) return undefined;

  const modules = withModule.map((one) => one.module as Module);
  const numbering = new Numbering(
    modules,
    before.map((one) => (one.module as ModuleState).functions),
  );
  const read = new Set<string>(withModule.filter((one) => one.isRead).map((one) => one.state.path));
  const changed = withModule.flatMap((one, index) =>
    one.isRead ? table.put(numbering.first[index] as number, one.module as Module) : [],
  );
  const program = programKept(path, numbering, kept, table, read);
  const moved = withModule.flatMap((one, index) => (one.isRead ? [index] : []));
  const runners = new RunnerFactsKept(program.project, numbering, kept.json<RunnerRecord>("runners"), moved);
  keepRunnerFacts(program.project, runners);
  const acting = actingAfter(
    kept.json<ActingRecord>("acting"),
    changed,
    (fn) => table.names()[fn] as string,
    program.project,
    numbering,
  );
  const isChanged = new Set<FunctionNumber>(changed);
  const isSame = (fn: FunctionNumber) => !isChanged.has(fn);
  const records = new FunctionRecords(size, kept);
  const recollection = new Recollection(program, numbering, acting.ranks.flat(), records, isSame);
  const told = kept.json<{ findings: ToldRecord[]; gaps: GapRecord[] }>("told");
  const telling = new TellingAgain(told, numbering, (one) => !read.has(one), isSame);
  const judged = judgedBy(recollection, telling, acting, numbering);
  const partial = opened.flatMap(({ state }) => state.notes.map((reason) => ({ file: state.path, reason })));
  const bytes = opened.reduce((sum, one) => sum + one.state.size, 0);
  const report = reportOf({ modules, partial, bytes, files: opened }, judged);
  const routes = routesAsRecords(program.routes, numbering);
  if (judged.partial.length > 0 || !routes) return { report };
  return {
    report,
    sections: {
      ...kept.all(),
      files: { begun, files: opened.map((one) => one.state) },
      report,
      ...table.sections(),
      ...recollection.sections(),
      acting,
      runners: runners.record(),
      ...(read.size > 0 ? { routes } : {}),
      told: { findings: telling.findings, gaps: telling.gaps },
    },
  };
}

/** The number of the first function of each module, and of all. */
function firstNumbers(modules: readonly FileState[]): readonly number[] {
  const numbers = [0];
  for (const { module } of modules)
    numbers.push((numbers.at(-1) as number) + (module as ModuleState).functions);
  return numbers;
}

function open(
  { file, known, read }: FileToday,
  functionsOf: (state: ModuleState) => ConstructorParameters<typeof LaterModule>[2],
  grammar: Grammar,
): Opened {
  if (known) {
    const { module: state, hash } = known;
    if (!state) return { state: known, isRead: false };
    const text = () => textOf(file.absolute, hash);
    const functions = state.isWhole ? undefined : functionsOf(state);
    return { state: known, module: new LaterModule(file.path, text, functions, grammar), isRead: false };
  }
  const { text, hash, notes } = read as NonNullable<FileToday["read"]>;
  const state = { path: file.path, ...timesOf(file), hash, notes };
  if (text === undefined) return { state, isRead: true };
  const made = moduleOf(file.path, text, grammar);
  return {
    state: { ...state, notes: [...notes, ...made.notes], module: stateOf(made.module) },
    module: made.module,
    isRead: true,
  };
}

/** Written to while this run goes on: nothing that is known of it holds. */
function textOf(file: string, hash: string): string {
  try {
    const bytes = readFileSync(file);
    if (sha256(bytes) === hash) return decodeSource(bytes).text;
  } catch {
    // Gone meanwhile.
  }
  throw new Misremembered();
}

/** The same modules, and in each of them the same outside of the bodies of its functions. */
function isSameOutside(today: readonly Opened[], before: readonly FileState[]): boolean {
  return (
    today.length === before.length &&
    today.every(({ state }, index) => {
      const other = before[index] as FileState;
      return (
        state.path === other.path &&
        state.module?.outside === other.module?.outside &&
        state.module?.functions === other.module?.functions
      );
    })
  );
}

function programKept(
  path: string,
  numbering: Numbering,
  kept: Sections,
  table: FunctionTable,
  read: ReadonlySet<string>,
): Program {
  const tables = kept.json<Tables>("tables");
  const names = new NamesKept(tables, numbering, () => table.names());
  const project = new Project(numbering.modules, basename(path), names);
  keepViews(project, tables, numbering);
  const settings = settingsKept(tables, numbering);
  const models = new Models(project, settings.userModel, modelsKept(tables, numbering));
  return new Program(project, models, settings, routes());

  /** Where they are declared is known by places in files. */
  function routes(): readonly Route[] {
    const records = kept.json<RouteRecord[]>("routes");
    const isMoved = numbering.modules.some(
      (one, index) =>
        read.has(one.path) &&
        (one.values.has("urlpatterns") || records.some((record) => record.module === index)),
    );
    return isMoved ? routesOf(project, settings) : routesKept(records, numbering);
  }
}
