import type { SourceFinding } from "../finding.ts";
import type { Found } from "../judge.ts";
import type { FixContext, Proposal, SourceFix } from "./fix.ts";
import { isRefusal } from "./fix.ts";
import { fixes } from "./kinds.ts";
import { boundIn } from "./syntax/bound.ts";
import { lostComment } from "./text/comments.ts";
import { applyEdits, type Edit } from "./text/edit.ts";
import { importEdits, importing, type Missing } from "./text/imports.ts";
import { Layout } from "./text/layout.ts";
import type { State } from "./workspace.ts";

/** What is on the disk beside the texts that are analysed: migrations. */
export interface Disk {
  readonly read: (file: string) => string | undefined;
  readonly list: (folder: string) => readonly string[];
}

export interface Proposed {
  readonly finding: SourceFinding;
  readonly fix: SourceFix;
  /** Files as they would be. */
  readonly texts: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** The first fix that applies to `finding`, or why none does. */
export function proposeFor(
  state: State,
  finding: SourceFinding,
  disk: Disk,
  skipped: ReadonlySet<string>,
): Proposed | { readonly refused: ReadonlyMap<string, string> } {
  const refused = new Map<string, string>();
  const found = state.judged.behind.get(finding);
  if (!found) return { refused };
  for (const fix of fixes) {
    if (!fix.rules.has(finding.rule) || skipped.has(fix.id)) continue;
    const missing: Missing[] = [];
    const context = contextOf(state, finding, found, disk, missing);
    const answer = fix.propose(context);
    if (isRefusal(answer)) {
      refused.set(fix.id, answer.reason);
      continue;
    }
    const texts = textsOf(state, context, disk, answer, missing);
    const lost =
      texts &&
      [...texts].some(([file, text]) => lostComment(state.texts.get(file) ?? "", text) !== undefined);
    if (lost) {
      refused.set(fix.id, `${fix.title}: a comment stands in its way`);
      continue;
    }
    if (texts) return { finding, fix, texts, warnings: answer.warnings ?? [] };
    refused.set(fix.id, `${fix.title}: the edits meet one another`);
  }
  return { refused };
}

function contextOf(
  state: State,
  finding: SourceFinding,
  { candidate, analysis }: Found,
  disk: Disk,
  missing: Missing[],
): FixContext {
  const { fn } = candidate.site ?? candidate.at.site;
  const node = fn.decode();
  const layout = new Layout(fn.module.source.text);
  return {
    finding,
    candidate,
    write: candidate.at,
    analysis,
    program: state.program,
    fn,
    node,
    layout,
    read: (path) => state.texts.get(path) ?? disk.read(path),
    list: (folder) => {
      const own = [...state.texts.keys()].filter((one) => one.startsWith(`${folder}/`));
      return [...new Set([...disk.list(folder), ...own.map((one) => one.slice(folder.length + 1))])];
    },
    use: (wanted) => {
      const found = importing(layout, wanted, boundIn(node));
      if (found.missing) missing.push(found.missing);
      return found.name;
    },
    isAsync: /^(?:\s*@[^\n]*\n)*\s*async\s/.test(layout.text.slice(fn.start, fn.end)),
  };
}

function textsOf(
  state: State,
  context: FixContext,
  disk: Disk,
  answer: Proposal,
  missing: readonly Missing[],
): Map<string, string> | undefined {
  const { path } = context.fn.module;
  const edits = new Map<string, readonly Edit[]>(answer.others ?? []);
  edits.set(path, [
    ...importEdits(context.layout, missing),
    ...answer.edits,
    ...(answer.others?.get(path) ?? []),
  ]);
  const texts = new Map<string, string>();
  for (const [file, list] of edits) {
    const before = state.texts.get(file) ?? disk.read(file);
    const after = before === undefined ? undefined : applyEdits(before, list);
    if (after === undefined) return undefined;
    texts.set(file, after);
  }
  for (const [file, text] of answer.created ?? []) texts.set(file, text);
  return texts;
}
