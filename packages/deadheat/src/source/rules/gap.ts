import type { Effect, Guard } from "../effects/effect.ts";
import type { Protection } from "../effects/protection.ts";
import type { Atom, Row } from "../effects/values.ts";

export type FieldAtom = Atom & { readonly kind: "field" };

/**
 * A write to a row that was there before, which depends on what was read of that row, with nothing sufficient
 * between the read and the write. Which rule names it depends on what it does and on what there is instead.
 */
export interface Gap {
  /**
   * `counter`, `document`, `derived`, `method`: the value written was computed from the row's own.
   * `recomputed`: the value was computed from a query over the row's children.
   * `state`: a column is tested and then changed. `claim`: rows were looked for by a column that is then changed.
   * `take`: a column's value is used for something and then replaced.
   */
  readonly kind:
    | "counter"
    | "document"
    | "derived"
    | "method"
    | "rewritten"
    | "recomputed"
    | "state"
    | "claim"
    | "take";
  readonly write: Effect;
  readonly row: Row;
  readonly column: string;
  readonly protection: Protection;
  readonly read?: FieldAtom;
  readonly readAt?: Effect["site"];
  readonly test?: Guard;
  /** What else happens because of the test: what a second request does again. */
  readonly acts: readonly Effect[];
  readonly assignedAt?: Effect["site"];
  /** The condition was evaluated before the transaction that writes. */
  readonly testedOutside: boolean;
  /** The database refuses the second one, with an error that nobody handles. */
  readonly refused?: boolean;
}
