import type { Effect } from "../effects/effect.ts";
import type { Site } from "../effects/values.ts";
import type { Role, Severity } from "../rules/rule.ts";
import type { RequestTrace } from "./trace.ts";

export interface RequestStep {
  readonly role: Role;
  readonly site: Site;
  readonly note?: string;
}

/** One way through a request on which what was checked may have changed by the time of the write. */
export interface RequestGap {
  readonly write: Effect;
  readonly path: readonly RequestStep[];
  readonly message: string;
  /** Why nothing protects it. */
  readonly because: string;
  readonly interleaving: readonly string[];
}

/**
 * A gap between what a request was let in for and what it writes. Nearly every API has it, and whether it matters the
 * source does not say: it is told as the place of a race that was proven, not as a suspicion of its own.
 */
export interface RequestRule {
  readonly id: string;
  /** Catalogue id. */
  readonly weakness: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
  readonly never: readonly string[];
  /** Python modules with a `urlpatterns`: in `racy` a route has the gap, in `safe` none has. */
  readonly examples: { readonly racy: readonly string[]; readonly safe: readonly string[] };
  find(trace: RequestTrace): RequestGap | undefined;
}

/** The end of a rule's page under docs/rules. */
export const TOLD_BY_PROVE =
  "`deadheat prove` names it as the place of a race that was proven, and races what has it before what has not.";
