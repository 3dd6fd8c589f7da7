import type { TokenLifecycle } from "../../plan/analysis.ts";
import type { Described } from "../facts/described.ts";

/**
 * Says whether an operation has one part in the life of a token. Two things have to speak for it, in words for people
 * to read, and one of them has to be more than a name: what it takes, what it gives, its method, what is beside it.
 */
export interface LifecycleRule {
  readonly lifecycle: TokenLifecycle;
  /** `beside`: operations whose paths differ from its own in the last segment at most. */
  evidence(one: Described, beside: readonly Described[]): readonly string[] | undefined;
}
