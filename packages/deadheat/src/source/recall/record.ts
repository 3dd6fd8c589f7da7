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
  readonly kind: "others" | "uses";
  readonly about: readonly string[];
  readonly answer: string;
}

export interface SeenRecord {
  /** Id of the rule. */
  readonly rule: string;
  /** Of one that depended on other functions. */
  readonly asked?: readonly Question[];
  /** Functions whose text it looked at when it was decided. */
  readonly reads?: readonly FunctionNumber[];
  readonly candidate?: CandidateRecord;
}

export interface ColumnRecord {
  readonly model: string;
  readonly columns: readonly string[];
  readonly direct: boolean;
  readonly site: PlaceRecord;
}

/** Of a function: what few of them have. */
export interface FunctionWords {
  readonly seen: readonly SeenRecord[];
  readonly columns: readonly ColumnRecord[];
  readonly uses: readonly { readonly use: string; readonly site: PlaceRecord }[];
  /** What was not understood, of its own text and of others that it looked at. */
  readonly misread: readonly PlaceRecord[];
}

/** All that others learned of one function, and all that its analysis learned of others. */
export interface FunctionRecord {
  readonly acting: boolean;
  readonly calls: readonly CallRecord[];
  /** Functions whose text it looked at beside. */
  readonly reads: readonly FunctionNumber[];
  /** Effects of called functions that it has taken over. */
  readonly taken: readonly EffectRecord[];
  readonly words?: FunctionWords;
}
