import type { Effect } from "../effects/effect.ts";
import { locksOf } from "../effects/protection.ts";
import { KEEPS_NESTED_SETS } from "../facts/names.ts";
import type { Project } from "../project/project.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `with transaction.atomic(): Region.objects.create(parent=parent)`, of a tree that is kept as nested sets: an insert numbers
 * the rows of the tree that come after it, by what it has read of them. Who has written the transaction has thought of
 * others; it does not make them wait.
 */
export function* insertedInTree({ effects, program: { project } }: RuleContext): Generator<Candidate> {
  for (const create of effects) {
    const [outer] = create.txns;
    if (create.kind !== "create" || !outer || outer.implicit || !isTree(project, create)) continue;
    const isHeld = ({ seq, txns }: Effect) => seq < create.seq && txns[0] === outer;
    if (create.locks.length > 0 || locksOf(effects).some(isHeld)) continue;
    const candidate = explain(create, {
      message: `${create.model?.name} is a tree of nested sets, which an insert numbers anew: of two at once, one numbers what the other has moved`,
      protection: { coverage: "atomic" },
      severity: "low",
      confidence: "medium",
      about: `tree of ${create.model?.name}`,
    });
    // A caller's transaction is another one, of which the same may be said.
    yield create.trail.length > 0 && outer.site.fn !== create.trail[0]?.fn
      ? { ...candidate, echo: true }
      : candidate;
  }
}

function isTree(project: Project, { model, name }: Effect): boolean {
  const cls = name.startsWith("relation.") ? undefined : model?.definition;
  return cls !== undefined && project.lineage(cls).external.some((one) => KEEPS_NESTED_SETS.test(one));
}
