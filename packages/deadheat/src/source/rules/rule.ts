import type { Effect, Guard } from "../effects/effect.ts";
import type { Analysis, Program } from "../effects/program.ts";
import type { Site } from "../effects/values.ts";

export type Severity = "high" | "medium" | "low" | "info";
export type Confidence = "high" | "medium" | "low";

/** What a step of a path does. */
export type Role = "route" | "authentication" | "lock" | "read" | "test" | "write" | "effect" | "call";

export interface PathStep {
  readonly role: Role;
  readonly site: Site;
  /** In words, where the line itself does not say it. */
  readonly note?: string;
}

/** A gap that a rule sees in one function. Whether a caller closes it is decided afterwards. */
export interface Candidate {
  /** The effect at which the gap shows; where callers have taken it over, they decide. */
  readonly at: Effect;
  /** Where the finding is reported, if not at `at`. */
  readonly site?: Site;
  readonly path: readonly PathStep[];
  /** What is wrong, as one sentence. */
  readonly message: string;
  /** Why nothing protects it. */
  readonly because: string;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  /** What the second request does between the steps of the first, in words. */
  readonly interleaving?: readonly string[];
  readonly fixable?: boolean;
  /** The column in question: one message a function is enough. */
  readonly about?: string;
  /** Key of the row in question, where a lock on it ends the gap. */
  readonly row?: string;
  /**
   * What is not behind the call that leads to the write, so that the gap is the caller's as well. Where it is the
   * test, what the called function does wrong by itself is another matter.
   */
  readonly apart?: "test" | "rest";
  /** Of `apart`: the called function cannot tell that it is one time too many; only its caller can. */
  readonly own?: boolean;
  /** Which callers of which function leave the gap open: others than these do not lead to it. */
  readonly leftOpenBy?: ReadonlyMap<Site["fn"], ReadonlySet<Site["fn"]>>;
  /** Named quietly beside the called function of which it is said: there is nothing there that a lock would last in. */
  readonly beside?: boolean;
  /** Whatever the callers do that are seen: there are others. */
  readonly regardless?: boolean;
  /** Says only that this caller does not protect what a called function does. */
  readonly echo?: boolean;
}

export interface RuleContext {
  readonly program: Program;
  readonly analysis: Analysis;
  readonly effects: readonly Effect[];
  readonly guards: readonly Guard[];
}

/** What depends on other functions: decided when all of them have been seen. */
export interface Undecided {
  readonly at: Effect;
  readonly decide: (writers: Writers) => Candidate | undefined;
}

/** Who writes which columns of which model, and what is done with tables. */
export interface Writers {
  /** Columns of a model that other functions than `except` write, and how. */
  others(model: string, except: string): readonly ColumnWriter[];
  /** Who does that with tables: locks `First>Second` in that order, saves rows of one in a transaction. */
  usesOf(use: string): readonly { readonly fn: Site["fn"]; readonly site: Site }[];
}

export interface ColumnWriter {
  readonly fn: string;
  readonly columns: ReadonlySet<string>;
  /** By the database (`F()`): counted up by many at once. */
  readonly direct: boolean;
  readonly site: Site;
}

/** One class of gap. One rule, one file, its examples beside it. */
export interface SourceRule {
  readonly id: string;
  /** Catalogue id. */
  readonly weakness: string;
  readonly title: string;
  readonly severity: Severity;
  /** What goes wrong, in two or three sentences. */
  readonly why: string;
  /** What to do, as text. */
  readonly fix: string;
  /** What it leaves alone. */
  readonly never: readonly string[];
  /** Python modules: in `racy` this rule finds something, in `safe` it does not. */
  readonly examples: { readonly racy: readonly string[]; readonly safe: readonly string[] };
  find(context: RuleContext): Iterable<Candidate | Undecided>;
}
