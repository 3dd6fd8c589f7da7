import type { Candidate } from "../../plan/plan.ts";
import type { Surveyed } from "../survey.ts";
import type { Guarded } from "./guarded.ts";

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
  /** Changes of state that ask for a credential and have no part in the life of tokens. */
  readonly guarded: Guarded;
  /** Operations whose paths begin with this shape. */
  below(path: string): readonly Surveyed[];
  /** The document writes 409 at (nearly) all that changes state: at one operation it says nothing then. */
  readonly refusesAll: boolean;
  /** Changes of state that take an idempotency key: those that are told of, and how many are not. */
  readonly keyed: { readonly told: ReadonlySet<Surveyed>; readonly others: number };
  /** Of each security scheme whose tokens are JSON Web Tokens, by its name, the first read under it. */
  readonly jwtReads: ReadonlyMap<string, Surveyed>;
  /** Names in `security` that no scheme is declared under. */
  readonly undeclared: ReadonlySet<string>;
}

export function changesState({ kind }: Surveyed): boolean {
  return kind !== "read";
}
