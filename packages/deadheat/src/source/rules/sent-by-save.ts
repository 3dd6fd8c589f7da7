import { type Effect, precedes } from "../effects/effect.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import { formKind } from "../project/form-kinds.ts";
import type { Project } from "../project/project.ts";
import { isSwitchedOn } from "../project/settings.ts";
import { isFileDeleted } from "./before-senders-commit.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";
import { isForWorker, isTask } from "./tasks.ts";

/**
 * `def save(self): super().save(); index.delay(self.pk)` of a model that the admin changes, and `create()` of a serializer
 * where each request is a transaction: the worker may look before that commits. (Savers of the project's own are told of
 * it where they save.)
 */
export function* sentBySave(context: RuleContext, effect: Effect): Generator<Candidate> {
  if (effect.deferred || isFileDeleted(effect)) return;
  const because = becauseOfAdmin(context, effect) ?? becauseOfRequests(context, effect);
  const saved = because && savedBefore(context, effect);
  if (!saved) return;
  const told = {
    message: `${effect.name.split(".").slice(-2).join(".")} leaves with the row that is saved: before its saver's transaction commits`,
    because,
    protection: { coverage: "none" },
    severity: "low",
    also: [saved],
    // One message a save.
    about: "save",
    interleaving: [
      "A saves    the row, in its saver's transaction",
      "A sends    what tells of the row",
      "B (the worker) reads: the row is not there yet, or is as it was",
      "A commits",
    ],
  } as const;
  const [call] = effect.trail;
  yield explain(effect, { ...told, ...(call ? { site: call } : {}) });
  // Sent by a helper or a receiver, it may wait for the commit there.
  if (call && isTask(effect)) yield explain(effect, { ...told, site: effect.site });
}

const SAVES = /^(save|create)$/;

/** The row of this object, or the one that a serializer makes; what is sent tells of it. */
function savedBefore({ analysis: { fn }, effects }: RuleContext, effect: Effect): Effect | undefined {
  const isOwn = ({ row }: Effect) => (fn.name === "save" ? row?.origin === "self" : row !== undefined);
  const saved = effects.find((one) => SAVES.test(one.kind) && isOwn(one) && precedes(one, effect));
  if (!saved || isTask(effect)) return saved;
  const isAbout = effect.deps.some(
    (one) => one.kind === "field" && (one.row === saved.row || one.row.key.startsWith(`${saved.row?.key}.`)),
  );
  return isAbout ? saved : undefined;
}

/** The model's own `save()`, of a model that is in the admin, or one below it is. */
function becauseOfAdmin(
  { analysis: { fn }, program: { models, project } }: RuleContext,
  effect: Effect,
): string | undefined {
  if (!isTask(effect) || !isForWorker(effect)) return undefined;
  if (!fn.owner || !/^a?save$/.test(fn.name) || !models.isPart(fn.owner)) return undefined;
  return isInAdmin(fn.owner, project) ? OF_ADMIN : undefined;
}

export const OF_ADMIN = "Django's admin saves in a transaction, and nothing here waits for its commit";

/** The model, or one below it, is in the admin. */
export function isInAdmin(model: ClassDefinition, { names }: Project): boolean {
  const shown = names.inAdmin();
  return [model, ...names.classesBelow(model)].some((one) => shown.has(one.name));
}

/** Of a serializer, whoever validates and saves it is out of sight; that it does so in a transaction, the settings say. */
function becauseOfRequests(
  { analysis: { fn }, program: { project, settings } }: RuleContext,
  effect: Effect,
): string | undefined {
  if (!fn.owner || !/^(create|update)$/.test(fn.name) || formKind(project, fn.owner) !== "serializer")
    return undefined;
  if (isTask(effect) && !isForWorker(effect)) return undefined;
  if (settings.atomicRequests === true)
    return "ATOMIC_REQUESTS puts each request into one transaction, and nothing here waits for its commit";
  if (!isSwitchedOn(settings, ["GRAPHENE", "ATOMIC_MUTATIONS"])) return undefined;
  return project.names.inMutations().has(fn.owner.name)
    ? "ATOMIC_MUTATIONS puts each mutation into one transaction, and nothing here waits for its commit"
    : undefined;
}
