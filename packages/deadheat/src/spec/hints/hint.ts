import type { Candidate } from "../../plan/plan.ts";
import type { Surveyed } from "../survey.ts";

/** What in a document speaks for a race, whether or not the document also says how it could be provoked. */
export interface Hint {
  readonly weakness: string;
  /** The operation that is looked at first, then those that it races with. */
  readonly operations: readonly Surveyed[];
  readonly severity: Candidate["severity"];
  /** `low` is for what is tried although nothing speaks for it: no hint is. */
  readonly confidence: "high" | "medium";
  /** What in the document speaks for it, in words. */
  readonly reasons: readonly string[];
  /** Why no scan can race it, whatever the document offers. */
  readonly unraceable?: string;
}

/** One weakness, one file. A hint that stands at more than one operation in ten says nothing. */
export interface HintRule {
  readonly weakness: string;
  hints(one: Surveyed, view: HintView): readonly Hint[];
}

/** The operations of a document as hints look at them. */
export interface HintView {
  readonly all: readonly Surveyed[];
  /** At `METHOD /shape/{}`. */
  at(method: string, path: string): Surveyed | undefined;
  /** Changes of state that ask for a credential, those of objects first that are called after what they do. */
  readonly guarded: readonly Surveyed[];
  /** Operations whose paths begin with this shape. */
  below(path: string): readonly Surveyed[];
  /** The document writes 409 at (nearly) all that changes state: at one operation it says nothing then. */
  readonly refusesAll: boolean;
  /** Changes of state that take an idempotency key: in a header first, and what makes something before the rest. */
  readonly keyed: readonly Surveyed[];
  /** Paths, without their last segments, of what has a part in the life of tokens. */
  readonly tokenFolders: ReadonlySet<string>;
  /** Security schemes of the document whose tokens are JSON Web Tokens, by name. */
  readonly jwtSchemes: readonly string[];
  /** Names in `security` that no scheme is declared under. */
  readonly undeclared: ReadonlySet<string>;
}

export function changesState({ kind }: Surveyed): boolean {
  return kind !== "read";
}
