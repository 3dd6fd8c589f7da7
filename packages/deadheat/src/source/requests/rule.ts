import type { Effect } from "../effects/effect.ts";
import type { Candidate, SourceRule } from "../rules/rule.ts";
import type { RequestTrace } from "./trace.ts";

/** One way through a request on which what was checked may have changed by the time of the write. */
export interface RequestGap
  extends Pick<Candidate, "path" | "message" | "because">,
    Required<Pick<Candidate, "interleaving">> {
  readonly write: Effect;
}

/**
 * A gap between what a request was let in for and what it writes. Nearly every API has it, and whether it matters the
 * source does not say: it is told as the place of a race that was proven, not as a suspicion of its own.
 */
export interface RequestRule extends Omit<SourceRule, "examples" | "find"> {
  /** Python modules with a `urlpatterns`: in `racy` a route has the gap, in `safe` none has. */
  readonly examples: SourceRule["examples"];
  find(trace: RequestTrace): RequestGap | undefined;
}

/** The end of a rule's page under docs/rules. */
export const TOLD_BY_PROVE =
  "`deadheat prove` names it as the place of a race that was proven, and races what has it before what has not.";
