/** What a statement does to a table, as its text says. */
export interface TableUse {
  /** With its schema where the statement names one. */
  readonly name: string;
  readonly use: "read" | "lock" | "write";
}

/** One statement of a request, as captured. Values in it are parameters by now: `WHERE id = $1`. */
export interface SqlStatement {
  readonly text: string;
  /** Equal for statements that differ in values only. */
  readonly fingerprint: string;
  readonly kind: StatementKind;
  readonly tables: readonly TableUse[];
  /** `FOR UPDATE`, `FOR SHARE SKIP LOCKED`, `ACCESS EXCLUSIVE`, `advisory`. */
  readonly locks?: string;
  /**
   * Tests and changes rows in one statement: no schedule gets in between. `its own rows`: what it tests is what it
   * changes, which PostgreSQL looks at again once it has the lock; `other rows` may have changed by then.
   */
  readonly testsAndWrites?: "its own rows" | "other rows";
  /** It gives nothing but sums and counts of rows. */
  readonly sums?: true;
  /** Its text does not tell what it does: `CALL`, `DO`, `EXECUTE`, what could not be parsed. */
  readonly opaque?: true;
  /** Functions that may be the user's own, by name without schema. */
  readonly calls?: readonly string[];
  /** Several statements in one message: no schedule gets in between. */
  readonly statements: number;
  /** Of the API to its database; from 1. */
  readonly connection: number;
  /** Statements with the same number ran in one transaction; absent for one that was its own. */
  readonly transaction?: number;
  /** `UPDATE 1`. */
  readonly tag?: string;
  /** SQLSTATE. */
  readonly error?: string;
}

export type StatementKind =
  | "read"
  | "write"
  | "lock"
  | "begin"
  | "commit"
  | "rollback"
  | "savepoint"
  | "setting"
  | "other";

/** A preemption: one request is held before one of its statements until the other has finished or waits for it. */
export interface Preemption {
  readonly held: "first" | "second";
  /** From 1: the statement before which it is held. 0: nothing is held, the other follows when it has ended. */
  readonly before: number;
}

/** One step of what happened, in order. */
export interface InterleavedStep {
  readonly lane: "first" | "second";
  /** As captured; absent for what is no statement. */
  readonly text?: string;
  readonly does: "statement" | "held" | "waits" | "finished" | "released";
  /** ms since the beginning. */
  readonly at: number;
  readonly connection?: number;
  readonly inTransaction?: boolean;
  readonly tag?: string;
  readonly error?: string;
  /** For `waits`: the lock, as pg_locks names it. */
  readonly lock?: string;
}

/** What became of one schedule. It counts only where it is realised (DESIGN §8). */
export interface Realisation {
  readonly preemption: Preemption;
  readonly realised: boolean;
  /** Why not. */
  readonly reason?: string;
  /** What the other request came to while the first was held. */
  readonly other?: "finished" | "blocked";
  readonly steps: readonly InterleavedStep[];
  /** Where the statements were others than those captured. */
  readonly diverged: readonly string[];
}

/** Statements of both requests, each alone and on a fresh set-up. */
export interface Script {
  readonly first: readonly SqlStatement[];
  readonly second: readonly SqlStatement[];
  /** Of the requests that read the state afterwards; absent where none does. */
  readonly observation?: readonly SqlStatement[];
}

/** The schedules with one preemption of one request, in order. */
export interface PlannedSchedules {
  readonly preemptions: readonly Preemption[];
  /** Left out since the statement that they would add touches nothing that the other request does. */
  readonly skipped: number;
  /** What no schedule can get in between, in words. */
  readonly uncovered: readonly string[];
  /** Those of `uncovered` that may race inside themselves: then schedules that show no race do not show that none is. */
  readonly inside: readonly string[];
  /** Those of `inside` that are one statement of the held request, which a lock taken before it may keep others out of. */
  readonly lockable: readonly Lockable[];
}

/** A statement that tests other rows than it changes. */
export interface Lockable {
  readonly preemption: Preemption;
  /** As in `inside`. */
  readonly words: string;
}

/** What a statement gave back. Holds secrets: it is compared with what the API shows, never kept or shown. */
export interface SqlResult {
  readonly fingerprint: string;
  /** `null` for NULL. */
  readonly rows: readonly (readonly (Uint8Array | null)[])[];
}

/** What was said to the database while something ran, and what it answered. */
export interface Recording {
  readonly statements: readonly SqlStatement[];
  readonly results: readonly SqlResult[];
}

/** Where the state that is judged is kept, as far as statements tell. */
export type Kept =
  /** Elsewhere, in words: then schedules that show no race show nothing. */
  | { readonly elsewhere: string }
  | {
      /** Statements of the observation that read what the first request changes, by their fingerprints. */
      readonly readBy: ReadonlySet<string>;
      /** With those that read what the other one changes: an object that it deletes is shown no more. */
      readonly readByEither: ReadonlySet<string>;
      /** Those of them that give nothing but sums. */
      readonly summed: ReadonlySet<string>;
      /**
       * Beside what looks the token up, in words: the requests look at nothing that they change. They decide elsewhere,
       * unless a constraint of the database refuses one of them.
       */
      readonly undecided?: string;
    };

/**
 * Where no race was found, planned is the sum of realised and unrealised; skipped ones were not planned. After a race
 * the rest was not tried.
 */
export interface ScheduleCounts {
  readonly planned: number;
  readonly realised: number;
  readonly unrealised: number;
  readonly skipped: number;
  readonly uncovered: readonly string[];
  /** Those of them for which schedules that show no race do not show that there is none, although all are realised. */
  readonly unshown: readonly string[];
  /** Statements that PostgreSQL ended since the two waited for each other (SQLSTATE 40P01). */
  readonly deadlocks: number;
  /** Statements that it refused since no serial order was left (40001). */
  readonly serializationFailures: number;
  /** Why schedules were not realised, each reason once. */
  readonly reasons: readonly string[];
}

/** One request of a pair. Nothing but its own statements may run while `request` does. */
export interface Work {
  request(): Promise<void>;
  /** Done while the other request is still held: a read of the state. */
  afterwards?(): Promise<void>;
}

/** Where one pair of requests is played once. */
export interface Stage {
  play(first: Work, second: Work): Promise<void>;
}

/** Plays a pair one after the other, and notes what each says to the database. */
export interface CapturingStage extends Stage {
  /** Of the request that went first. */
  captured(): readonly SqlStatement[];
  /** What the database answered before: to the set-up, and to the reads of the state that came after it. */
  answersBefore(): readonly SqlResult[];
  /** Ends the looking where the pair was never played. */
  close(): void;
}

/** Plays a pair under a schedule. */
export interface SchedulingStage extends Stage {
  realisation(): Realisation | undefined;
}

/** Puts the statements of two requests into a chosen order. */
export interface Interleaver {
  /** Nothing is held longer than this, ms. */
  readonly holdLimitMs: number;
  /** Whether any connection has come through the proxy so far. */
  seen(): boolean;
  capture(alone: "first" | "second"): CapturingStage;
  /** What is said to the database while `work` runs, and nothing else does. */
  record(work: () => Promise<void>): Promise<Recording>;
  schedule(preemption: Preemption, script: Script): SchedulingStage;
  plan(script: Script, held: "first" | "second"): Promise<PlannedSchedules>;
  kept(script: Script): Promise<Kept>;
}
