import type { SourceFinding } from "../finding.ts";
import type { Found } from "../seen.ts";
import { type FixContext, isRefusal, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { fixes } from "./kinds.ts";
import type { ClassName } from "./project.ts";
import { boundIn } from "./syntax/bound.ts";
import { lostComment } from "./text/comments.ts";
import { applyEdits, type Edit } from "./text/edit.ts";
import { importEdits, importing, type Missing } from "./text/imports.ts";
import { Layout } from "./text/layout.ts";
import { overrideIn } from "./text/override.ts";
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
  /** The finding's own function stays as it is: subclasses have got another. */
  readonly isOverride: boolean;
}

/** The first fix that applies to `finding`, or why none does. */
export function proposeFor(
  state: State,
  finding: SourceFinding,
  disk: Disk,
  skipped: ReadonlySet<string>,
  overriding?: readonly ClassName[],
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
    const scoped = overriding ? overridden(state, context, answer, overriding) : answer;
    if (isRefusal(scoped)) {
      refused.set(fix.id, `${fix.title}: ${scoped.reason}`);
      continue;
    }
    const texts = textsOf(state, context, disk, scoped, missing);
    const lost =
      texts &&
      [...texts].some(([file, text]) => lostComment(state.texts.get(file) ?? "", text) !== undefined);
    if (lost) {
      refused.set(fix.id, `${fix.title}: a comment stands in its way`);
      continue;
    }
    if (texts)
      return { finding, fix, texts, warnings: answer.warnings ?? [], isOverride: overriding !== undefined };
    refused.set(fix.id, `${fix.title}: the edits meet one another`);
  }
  return { refused };
}

/** The same edits, made in a copy of the method that each class gets as its own. */
function overridden(
  state: State,
  { fn, layout }: FixContext,
  answer: Proposal,
  classes: readonly ClassName[],
): Proposal | Refusal {
  const shared = `${fn.qualified} is shared with routes that do not race`;
  if (!fn.owner) return refuse(shared);
  if (/\bsuper\(|\b__[a-z]\w*[a-z]\b(?!__)/.test(fn.text()))
    return refuse(`${shared}, and asks for what is above it`);
  const start = layout.lineStart(fn.start);
  const isInside = ({ start: from, end }: Edit) => from >= start && end <= layout.nextLine(fn.end);
  const inside = answer.edits.filter(isInside);
  const moved = inside.map((one) => ({ ...one, start: one.start - start, end: one.end - start }));
  const method = applyEdits(layout.text.slice(start, fn.end), moved);
  if (method === undefined) return refuse("the edits meet one another");
  const edits: Edit[] = answer.edits.filter((one) => !isInside(one));
  for (const { file, name } of classes) {
    const cls = state.modules.get(file)?.classes.get(name);
    if (file !== fn.module.path || !cls) return refuse(`${shared}, and ${name} is in another module`);
    const edit = cls.methods.has(fn.name) ? undefined : overrideIn(layout, cls, method.trimEnd());
    if (!edit) return refuse(`${shared}, and ${name} cannot be given one of its own`);
    edits.push(edit);
  }
  return { ...answer, edits };
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
