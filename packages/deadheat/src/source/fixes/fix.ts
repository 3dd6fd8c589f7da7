import type { Effect } from "../effects/effect.ts";
import type { Analysis, Program } from "../effects/program.ts";
import type { SourceFinding } from "../finding.ts";
import type { FunctionNode, Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import type { Candidate } from "../rules/rule.ts";
import type { Edit } from "./text/edit.ts";
import type { Wanted } from "./text/imports.ts";
import type { Layout } from "./text/layout.ts";

/** What a fix sees of the finding that it is asked to end. */
export interface FixContext {
  readonly finding: SourceFinding;
  readonly candidate: Candidate;
  /** The effect at which the gap shows. */
  readonly write: Effect;
  readonly analysis: Analysis;
  readonly program: Program;
  /** The function in which the finding is reported, and its syntax. */
  readonly fn: FunctionDefinition;
  readonly node: FunctionNode;
  readonly layout: Layout;
  /** Text of another file of the project, its migrations included. */
  readonly read: (path: string) => string | undefined;
  /** Names of the files of a folder of the project. */
  readonly list: (folder: string) => readonly string[];
  /** The name by which something can be used in the function's module; what it takes is added to the proposal. */
  readonly use: (wanted: Wanted) => string;
  /** Is the function a coroutine? `transaction.atomic` is not for those. */
  readonly isAsync: boolean;
}

/** Text edits; nothing is written. */
export interface Proposal {
  /** In the file of the function. */
  readonly edits: readonly Edit[];
  /** In others. */
  readonly others?: ReadonlyMap<string, readonly Edit[]>;
  readonly created?: ReadonlyMap<string, string>;
  /** What the user has to know before applying it. */
  readonly warnings?: readonly string[];
}

/** Why a fix does not apply: one sentence without a full stop. */
export interface Refusal {
  readonly reason: string;
}

/** One way to end a gap. One kind, one file; the first that applies and is analysed clean is taken. */
export interface SourceFix {
  readonly id: string;
  /** What it does, for the user. */
  readonly title: string;
  /** Rules whose findings it may end. */
  readonly rules: ReadonlySet<string>;
  propose(context: FixContext): Proposal | Refusal;
}

export function isRefusal<T extends object>(answer: T | Refusal): answer is Refusal {
  return "reason" in answer;
}

export function refuse(reason: string): Refusal {
  return { reason };
}

/** The place is in the function itself and not in one that it calls. */
export function isOwn(context: FixContext, site: { readonly fn: FunctionDefinition } & Span): boolean {
  return (
    site.fn === context.fn || (site.fn.module === context.fn.module && site.fn.start === context.fn.start)
  );
}
