import { type Effect, precedes } from "../effects/effect.ts";
import { type Received, receiverOf } from "../effects/receivers.ts";
import { savedInTransaction, taskAfterCommit } from "../writers.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext, Undecided, Writers } from "./rule.ts";
import { isTask, TASK } from "./tasks.ts";
import { othersThat } from "./unlike-others.ts";

/** Django deletes, and changes members, in a transaction of its own, in which it sends these. */
export const SENT_IN_TRANSACTION: Readonly<Record<string, string>> = {
  pre_delete: "delete() is a transaction, in which it sends this signal",
  post_delete: "delete() is a transaction, in which it sends this signal",
  m2m_changed: "add(), remove() and set() are transactions, in which they send this signal",
};

/**
 * `@receiver(post_save, sender=Page)`, then `index.delay(instance.pk)`: the receiver runs in the transaction of whoever
 * saves.
 */
export function leavesBeforeSendersCommit(
  { analysis, program }: RuleContext,
  effect: Effect,
): Candidate | Undecided | undefined {
  if (effect.deferred || effect.txns.length > 0) return undefined;
  const received = receiverOf({ fn: analysis.fn, program });
  if (!received) return undefined;
  const { signal, model } = received;
  const isTold = isTask(effect) || isFileDeleted(effect);
  if (!isTold && TASK.test(effect.name)) return undefined;
  const because = (isTold ? SENT_IN_TRANSACTION[signal] : undefined) ?? becauseOfSavers(received, program);
  if (because) return leaves(effect, signal, because);
  if (signal !== "post_save") return undefined;
  // Of all tables: some rows are saved in transactions.
  if (isTold && received.isOfAll)
    return leaves(effect, signal, "it is sent for rows of every table, whoever saves them in a transaction");
  const decide = (writers: Writers) => {
    const [saver] = model ? writers.usesOf(savedInTransaction(model.name)) : [];
    if (saver) return leaves(effect, signal, `${saver.fn.qualified} saves a ${model?.name} in a transaction`);
    const others = isTask(effect)
      ? othersThat(writers, taskAfterCommit(analysis.fn.module.path), analysis.fn)
      : undefined;
    if (others === undefined) return undefined;
    return leaves(effect, signal, `${others} other functions here send theirs by on_commit`);
  };
  return { at: effect, decide };
}

function leaves(effect: Effect, signal: string, because: string): Candidate {
  const candidate = explain(effect, {
    message: `${effect.name.split(".").slice(-2).join(".")} leaves before the transaction commits in which the signal is sent`,
    because,
    protection: { coverage: "none" },
    severity: "low",
    ...(effect.trail[0] && effect.trail.length > 1 ? { site: effect.trail[0] } : {}),
    // One message a receiver.
    about: signal,
    interleaving: [
      "A writes   in its transaction, and the signal is sent",
      "A sends    the task, from the receiver",
      "B (the worker) reads: the row is not there yet, or is as it was",
      "A commits",
    ],
  });
  // Sent by a helper, it may wait for the commit there, or the call of it in the receiver.
  return effect.trail.length === 1 ? { ...candidate, apart: "rest" } : candidate;
}

/**
 * `def apply_async(self, …): Job.objects.create(…); return super().apply_async(…)` of a task: whoever calls it in a
 * transaction sends the task before its row is there.
 */
export function leavesWithItsRow(
  { analysis: { fn }, effects }: RuleContext,
  effect: Effect,
): Candidate | undefined {
  if (!fn.owner || effect.name !== `super.${fn.name}` || effect.trail.length > 0) return undefined;
  const write = effects.find((one) => MAKES.test(one.kind) && precedes(one, effect));
  if (!write) return undefined;
  return explain(effect, {
    message: `${fn.name} leaves together with a row of its own: called in a transaction, it leaves before that commits`,
    because: "nothing here waits for the commit of the transaction in which a task is asked for",
    protection: { coverage: "none" },
    severity: "low",
    also: [write],
    interleaving: [
      "A writes   the row of the task, in its caller's transaction",
      "A sends    the task",
      "B (the worker) starts: the row is not there yet",
      "A commits",
    ],
  });
}

/**
 * `def delete(self): super().delete(); self.file.delete(save=False)`: where the transaction of whoever deletes it is rolled
 * back, the row is there again, and its file is not.
 */
export function fileGoesWithItsRow(effect: Effect): Candidate | undefined {
  const { fn, start } = effect.site;
  if (effect.deferred || !isFileDeleted(effect)) return undefined;
  const before = fn.name === "delete" ? SUPER_DELETE.exec(fn.text()) : undefined;
  if (!before || fn.start + before.index > start) return undefined;
  const candidate = explain(effect, {
    message: "the file is deleted before the transaction commits that deletes its row",
    because:
      "whoever deletes the row may do so in a transaction: rolled back, it leaves a row without its file",
    protection: { coverage: "none" },
    severity: "low",
    interleaving: [
      "A deletes  the row, in its caller's transaction",
      "A deletes  the file",
      "B reads    the row, which is there still, and misses the file",
      "A commits, or rolls back and the file is gone",
    ],
  });
  // That one caller has no transaction, says nothing of the others.
  return effect.trail.length > 0 ? { ...candidate, echo: true } : candidate;
}

export function isFileDeleted({ kind, name }: Effect): boolean {
  return kind === "external" && /\.delete$/.test(name);
}

const SUPER_DELETE = /\bsuper\([^)]*\)\.delete\(/;

const MAKES = /^(create|get-or-create|save)$/;

/** Why a row that `post_save` tells of is saved in a transaction, where the project says so. */
export function becauseOfSavers(
  { signal, model }: Received,
  { project, settings }: RuleContext["program"],
): string | undefined {
  if (signal !== "post_save") return undefined;
  if (settings.atomicRequests === true)
    return "ATOMIC_REQUESTS puts each request that saves one into one transaction";
  const names = project.names.inAdmin();
  // Of no model alone, it hears of all rows that are saved.
  const isSaved = model ? names.has(model.name) : names.size > 0;
  return isSaved ? "Django's admin saves in a transaction" : undefined;
}
