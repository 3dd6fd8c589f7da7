import { type Effect, precedes } from "../effects/effect.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";
import { isForWorker, isTask } from "./tasks.ts";

/**
 * `def save(self): super().save(); index.delay(self.pk)` of a model that the admin changes: it saves in a transaction, and
 * the worker may look before that commits. (Savers of the project's own are told of it where they save.)
 */
export function* sentBySave(context: RuleContext, effect: Effect): Generator<Candidate> {
  const { effects } = context;
  if (effect.deferred || !isTask(effect) || !isForWorker(effect) || !isSavedByAdmin(context)) return;
  const saved = effects.find(
    (one) => SAVES.test(one.kind) && one.row?.origin === "self" && precedes(one, effect),
  );
  if (!saved) return;
  const told = {
    message: `${effect.name.split(".").slice(-2).join(".")} leaves with the row that is saved: before its saver's transaction commits`,
    because: "Django's admin saves in a transaction, and nothing here waits for its commit",
    protection: { coverage: "none" },
    severity: "low",
    also: [saved],
    // One message a save.
    about: "save",
    interleaving: [
      "A saves    the row, in the admin's transaction",
      "A sends    the task",
      "B (the worker) reads: the row is not there yet, or is as it was",
      "A commits",
    ],
  } as const;
  const [call] = effect.trail;
  yield explain(effect, { ...told, ...(call ? { site: call } : {}) });
  // Sent by a helper or a receiver, it may wait for the commit there.
  if (call) yield explain(effect, { ...told, site: effect.site });
}

const SAVES = /^(save|create)$/;

/** The model's own `save()`, of a model that is in the admin, or one below it is. */
function isSavedByAdmin({ analysis: { fn }, program: { models, project } }: RuleContext): boolean {
  if (!fn.owner || !/^a?save$/.test(fn.name) || !models.isPart(fn.owner)) return false;
  const names = project.names.inAdmin();
  return [fn.owner, ...project.names.classesBelow(fn.owner)].some((one) => names.has(one.name));
}
