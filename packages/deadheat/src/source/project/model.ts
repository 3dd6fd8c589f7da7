import type { ClassDefinition } from "./definitions.ts";

export interface Field {
  readonly name: string;
  /** `CharField`, `ForeignKey`, … */
  readonly type: string;
  readonly unique: boolean;
  readonly primaryKey: boolean;
  readonly nullable: boolean;
  /** A row for which it is not given has what all of those have: a default that is written down, one of some choices. */
  readonly alike?: boolean;
  /** Its default is what a function of that name answers, asked for each row: `default=next_number`. */
  readonly defaultBy?: string;
  /** Set by each save: `auto_now=True`. */
  readonly touched?: boolean;
  /** Model on the other side of a relation. */
  readonly target?: Model;
  readonly relatedName?: string;
  /** The table of a many-to-many relation that has a model of its own. */
  readonly through?: string;
}

export interface UniqueSet {
  readonly fields: readonly string[];
  /** A partial constraint holds only for some rows. */
  readonly conditional: boolean;
  /** The condition is that this column is empty, and nothing else. */
  readonly whileNull?: string;
  /** The condition is that this column has this value, and nothing else. */
  readonly whileIs?: { readonly column: string; readonly value: string | boolean | null };
  /** `nulls_distinct=False`: two rows without a value are the same, too. */
  readonly nullsEqual?: boolean;
}

/** A model; without `definition` where it is defined outside of the project. */
export interface Model {
  readonly name: string;
  readonly definition?: ClassDefinition;
}

export interface Reverse {
  readonly model: Model;
  readonly field: string;
  readonly single: boolean;
}

/** The same table, as far as names tell. */
export function sameModel(one: Model | undefined, other: Model | undefined): boolean {
  if (!one || !other) return false;
  return one === other || (one.name === other.name && !(one.definition && other.definition));
}
