import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { SourceFinding } from "../finding.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";
import type { Disk } from "./propose.ts";
import { readProject } from "./read.ts";
import { type Outcome, runRounds } from "./rounds.ts";
import { unifiedDiff } from "./text/diff.ts";
import { Workspace } from "./workspace.ts";

export interface FixOptions {
  /** A rule's id, or `file:line` of a finding, with `file` relative to the project. */
  readonly only?: string | undefined;
  /** Only these, by their fingerprints; without it, all that the analysis finds. */
  readonly findings?: readonly Pick<SourceFinding, "fingerprint">[] | undefined;
  /**
   * By fingerprint, the classes that inherit the finding's method and race, where others that inherit it do not: those
   * classes get the mended method as their own, and the one that all share stays as it is.
   */
  readonly overrides?: ReadonlyMap<string, readonly ClassName[]> | undefined;
}

/** A class of the project. */
export interface ClassName {
  /** Relative to the project, with `/`. */
  readonly file: string;
  readonly name: string;
}

/** One file as it would be with all fixes. */
export interface Patch {
  /** Relative to the project, with `/`. */
  readonly file: string;
  /** Unified, with `a/` and `b/`. */
  readonly diff: string;
  /** The whole new text. */
  readonly text: string;
  /** Fingerprints of the findings that it ends. */
  readonly findingIds: readonly string[];
  readonly isNew: boolean;
}

export interface Fixed {
  readonly finding: SourceFinding;
  /** Which kind of fix it is: a name from `fixes/index.ts`. */
  readonly kind: string;
  readonly title: string;
  /** What this one fix changes, on top of those before it. */
  readonly diff: string;
  readonly warnings: readonly string[];
  /** Others that are gone with it: the other half of a lock order. */
  readonly also: readonly SourceFinding[];
}

export interface Unfixed {
  readonly finding: SourceFinding;
  readonly reason: string;
}

export interface FixReport {
  readonly patches: readonly Patch[];
  /** In the order in which their diffs apply. */
  readonly fixed: readonly Fixed[];
  readonly unfixed: readonly Unfixed[];
}

const BOM = "\uFEFF";

/** Fixes for the findings under `path`, as text. Nothing is written. Each was analysed again and found clean. */
export async function fixProject(path: string, options: FixOptions = {}): Promise<FixReport> {
  const { texts, marked, unreadable } = await readProject(path);
  const root = statSync(path).isFile() ? dirname(path) : path;
  const workspace = new Workspace(await loadGrammar(), basename(path));
  const wanted = options.findings && new Set(options.findings.map((one) => one.fingerprint));
  const outcome = runRounds({
    workspace,
    texts,
    isWanted:
      options.only === undefined && wanted === undefined
        ? undefined
        : (finding) => isMeant(finding, options.only) && (wanted?.has(finding.fingerprint) ?? true),
    isWritable: (file) => !unreadable.has(file),
    overrides: options.overrides ?? new Map(),
    disk: {
      read: (file) => quietly(() => readFileSync(join(root, file), "utf8")),
      list: (folder) => quietly(() => readdirSync(join(root, folder))) ?? [],
    },
  });
  const changed = [...outcome.texts].filter(([file, text]) => texts.get(file) !== text);
  return {
    patches: changed.map(([file, text]) => {
      const before = texts.get(file) ?? quietly(() => readFileSync(join(root, file), "utf8"));
      const mark = marked.has(file) ? BOM : "";
      return {
        file,
        diff: unifiedDiff(file, before === undefined ? undefined : mark + before, mark + text),
        text: mark + text,
        findingIds: outcome.touched.get(file) ?? [],
        isNew: before === undefined,
      };
    }),
    fixed: outcome.fixed,
    unfixed: outcome.unfixed,
  };
}

const NO_DISK: Disk = { read: () => undefined, list: () => [] };

/** The same for texts that are in memory, by their paths. */
export function fixTexts(texts: ReadonlyMap<string, string>, grammar: Grammar, only?: string): Outcome {
  return runRounds({
    workspace: new Workspace(grammar, ""),
    texts,
    isWanted: only === undefined ? undefined : (finding) => isMeant(finding, only),
    isWritable: () => true,
    overrides: new Map(),
    disk: NO_DISK,
  });
}

function isMeant(finding: SourceFinding, only: string | undefined): boolean {
  if (only === undefined || finding.rule === only) return true;
  const at = only.lastIndexOf(":");
  return finding.file === only.slice(0, at) && finding.line === Number(only.slice(at + 1));
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
