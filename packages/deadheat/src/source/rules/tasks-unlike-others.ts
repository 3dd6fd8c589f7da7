import { isEntryFunction } from "../effects/decorators.ts";
import { type Effect, precedes } from "../effects/effect.ts";
import { taskAfterCommit } from "../writers.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext, Undecided } from "./rule.ts";
import { isForWorker, TASK } from "./tasks.ts";
import { othersThat } from "./unlike-others.ts";

/**
 * `contact.release()` writes and then calls `clean_up.delay(self.pk)`, where the other methods of the file send their tasks
 * by `on_commit`: those who call them have a transaction, and this one is called by the same.
 */
export function* tasksUnlikeOthers({
  analysis: { fn },
  effects,
  program: { models },
}: RuleContext): Generator<Undecided> {
  if (!fn.owner || !models.isPart(fn.owner) || isEntryFunction(fn)) return;
  for (const sent of effects) {
    if (sent.kind !== "external" || sent.deferred || sent.txns.length > 0 || sent.trail.length > 0) continue;
    const write = effects.find(
      (one) => /^(save|create)$/.test(one.kind) && precedes(one, sent) && one.row !== undefined,
    );
    if (!write || !TASK.test(sent.name) || !isForWorker(sent)) continue;
    yield {
      at: sent,
      decide: (writers) => {
        const others = othersThat(writers, taskAfterCommit(fn.module.path), fn);
        return others === undefined ? undefined : explainSent(sent, write, others);
      },
    };
  }
}

function explainSent(sent: Effect, write: Effect, others: number): Candidate {
  const candidate = explain(sent, {
    message: `${sent.name} leaves at once, and other tasks of this file wait for the commit: called in a transaction, it leaves before that commits`,
    because: `${others} other functions here send theirs by on_commit`,
    protection: { coverage: "none" },
    severity: "low",
    confidence: "low",
    also: [write],
    about: "task",
    interleaving: [
      "A writes   in its caller's transaction",
      "A sends    the task",
      "B (the worker) reads: the row is not there yet, or is as it was",
      "A commits, or rolls back and the task is out",
    ],
  });
  // That one caller has no transaction, says nothing of the others.
  return { ...candidate, regardless: true };
}
