import type { Candidate, PathStep } from "../rules/rule.ts";

/** A function by its number: those of all modules, in the order of the files and of their texts. */
export type FunctionNumber = number;

/** A place, from the start of its function on. */
export type PlaceRecord = readonly [fn: FunctionNumber, start: number, end: number];

/** An effect by the function in whose analysis it is, and its place in that one's sequence. */
export type EffectRecord = readonly [fn: FunctionNumber, seq: number];

export interface CallRecord {
  readonly fn: FunctionNumber;
  /** False inside of a recursion, and beyond the deepest nesting. */
  readonly answered: boolean;
  /** In a decorator that was walked through, or in the function itself. */
  readonly site: PlaceRecord;
}

/** The effect of a candidate, as far as it is asked for once all functions have been seen. */
export interface AtRecord {
  readonly id: EffectRecord;
  readonly origin?: EffectRecord;
  readonly hasRow: boolean;
  readonly site: PlaceRecord;
  readonly trail: readonly PlaceRecord[];
}

/** A candidate with numbers in the places of effects and sites. */
export type CandidateRecord = Omit<Candidate, "at" | "site" | "path"> & {
  readonly at: AtRecord;
  readonly site?: PlaceRecord;
  readonly path: readonly (Omit<PathStep, "site"> & { readonly site: PlaceRecord })[];
};

/** What a candidate that depends on other functions asked of those, and a digest of what it was told. */
export interface Question {
  readonly kind: "others" | "lock pairs";
  readonly about: readonly string[];
  readonly answer: string;
}

export interface SeenRecord {
  /** Id of the rule. */
  readonly rule: string;
  /** Of one that depended on other functions. */
  readonly asked?: readonly Question[];
  readonly candidate?: CandidateRecord;
}

export interface ColumnRecord {
  readonly model: string;
  readonly columns: readonly string[];
  readonly direct: boolean;
  readonly site: PlaceRecord;
}

/** All that others learned of one function, and all that its analysis learned of others. */
export interface FunctionRecord {
  readonly acting: boolean;
  readonly calls: readonly CallRecord[];
  /** Functions whose text it looked at beside. */
  readonly reads: readonly FunctionNumber[];
  /** Effects of called functions that it has taken over. */
  readonly taken: readonly EffectRecord[];
  readonly seen: readonly SeenRecord[];
  readonly columns: readonly ColumnRecord[];
  readonly pairs: readonly { readonly tables: string; readonly site: PlaceRecord }[];
  /** Spans that were not understood. */
  readonly misread: readonly (readonly [start: number, end: number])[];
}

export interface FileRecord {
  readonly path: string;
  readonly hash: string;
  /** Of all but comments and the bodies of functions. */
  readonly outside: string;
  /** Of each function's text. */
  readonly functions: readonly string[];
}

/** What a run leaves for the next one over the same folder. */
export interface Memory {
  readonly files: readonly FileRecord[];
  /** By the number of the function; `null` of those that nobody asked for. */
  readonly functions: readonly (FunctionRecord | null)[];
}
