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
import { type FileToday, keptAsItIs, type Today, timesOf } from "./file-states.ts";
import { type FileRow, FilesKept } from "./files-kept.ts";
import { type Made, stateOf } from "./from-scratch.ts";
import { FunctionTable } from "./function-table.ts";
import { judgedBy } from "./judged-by.ts";
import { Misremembered } from "./misremembered.ts";
import { Numbering } from "./numbering.ts";
import { type Memory, Recollection } from "./recollection.ts";
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
  readonly path: string;
  readonly size: number;
  readonly notes: readonly string[];
  readonly row: FileRow;
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
  last: FilesKept,
  memory: Memory & { readonly sections: Sections },
  grammar: Grammar,
): Made | undefined {
  const { sections: kept } = memory;
  const before = [...last.paths.keys()].filter((one) => last.isModule(one));
  const { first, size } = firstNumbers(before, last);
  const table = FunctionTable.kept(kept, size);
  const functions = (file: number) => () => table.known(first[file] as number, last.functions(file));
  const opened = today.files.map((one) => open(one, last, functions, grammar));
  const withModule = opened.filter((one) => one.module);
  if (!isSameOutside(withModule, before, last)) return undefined;

  const modules = withModule.map((one) => one.module as Module);
  const numbering = new Numbering(
    modules,
    before.map((one) => last.functions(one)),
  );
  const read = new Set<string>(withModule.filter((one) => one.isRead).map((one) => one.path));
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
  const recollection = new Recollection(program, numbering, acting.ranks.flat(), memory, isSame);
  const told = kept.json<{ findings: ToldRecord[]; gaps: GapRecord[] }>("told");
  const telling = new TellingAgain(told, numbering, (one) => !read.has(one), isSame);
  const judged = judgedBy(recollection, telling, acting, numbering);
  const partial = opened.flatMap(({ path: file, notes }) => notes.map((reason) => ({ file, reason })));
  const bytes = opened.reduce((sum, one) => sum + one.size, 0);
  const report = reportOf({ modules, partial, bytes, files: opened }, judged);
  const routes = routesAsRecords(program.routes, numbering);
  if (judged.partial.length > 0 || !routes) {
    recollection.discard();
    return { report };
  }
  return {
    report,
    sections: {
      ...kept.all(),
      ...filesOf(begun, opened, last).sections(),
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

/** By file, the number of the first function of each that is a module, and how many there are. */
function firstNumbers(modules: readonly number[], last: FilesKept): { first: Int32Array; size: number } {
  const first = new Int32Array(last.paths.length);
  let size = 0;
  for (const file of modules) {
    first[file] = size;
    size += last.functions(file);
  }
  return { first, size };
}

function filesOf(begun: number, opened: readonly Opened[], last: FilesKept): FilesKept {
  return FilesKept.of(
    begun,
    opened.map((one) => one.row),
    last,
  );
}

function open(
  today: FileToday,
  last: FilesKept,
  functionsOf: (file: number) => NonNullable<ConstructorParameters<typeof LaterModule>[2]>,
  grammar: Grammar,
): Opened {
  const { file, known, read } = today;
  const { path, size, absolute } = file;
  if (known !== undefined) {
    const opened = { path, size, notes: last.notes(known), row: keptAsItIs(today), isRead: false };
    if (!last.isModule(known)) return opened;
    const text = () => textOf(absolute, last.hash(known));
    const functions = last.isWhole(known) ? undefined : functionsOf(known);
    return { ...opened, module: new LaterModule(path, text, functions, grammar) };
  }
  const { text, hash, notes } = read as NonNullable<FileToday["read"]>;
  const state = { path, ...timesOf(file), hash, notes };
  if (text === undefined) return { path, size, notes, row: state, isRead: true };
  const made = moduleOf(path, text, grammar);
  const row = { ...state, notes: [...notes, ...made.notes], module: stateOf(made.module) };
  return { path, size, notes: row.notes, row, module: made.module, isRead: true };
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
function isSameOutside(today: readonly Opened[], before: readonly number[], last: FilesKept): boolean {
  return (
    today.length === before.length &&
    today.every(({ path, row }, index) => {
      const file = before[index] as number;
      if (path !== last.paths[file]) return false;
      if ("kept" in row) return row.kept === file;
      const { outside, functions } = last.module(file);
      return row.module?.outside === outside && row.module.functions === functions;
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
