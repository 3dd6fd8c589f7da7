import { type Effect, isWrite, precedes, sameTransaction } from "../effects/effect.ts";
import { signalAfterCommit } from "../writers.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext, Undecided } from "./rule.ts";
import { othersThat } from "./unlike-others.ts";

/**
 * `order_paid.send(…)` in the transaction that writes, where the same file sends its other signals by `on_commit`. What
 * those do who receive it (workers are told, most often) nobody sees; that it should wait, the others say.
 */
export function* signalsBeforeCommit({ analysis, effects }: RuleContext): Generator<Undecided> {
  const { fn } = analysis;
  for (const sent of effects) {
    const [outer] = sent.txns;
    if (sent.kind !== "signal" || sent.deferred || !outer || outer.implicit || outer.site.fn !== fn) continue;
    const write = effects.find(
      (one) => isWrite(one) && precedes(one, sent) && sameTransaction(one.txns, sent.txns),
    );
    if (!write) continue;
    yield {
      at: sent,
      decide: (writers) => {
        const others = othersThat(writers, signalAfterCommit(fn.module.path), fn);
        return others === undefined ? undefined : explainSent(sent, write, others);
      },
    };
  }
}

function explainSent(sent: Effect, write: Effect, others: number): Candidate {
  return explain(sent, {
    message: `${sent.name} leaves before the transaction commits, and other signals of this file wait for it`,
    because: `${others} other functions here send theirs by on_commit`,
    protection: { coverage: "none" },
    severity: "low",
    confidence: "low",
    also: [write],
    about: sent.name,
    interleaving: [
      "A writes   in its transaction, and the signal is sent",
      "B (a worker that a receiver tells) reads: the row is not there yet, or is as it was",
      "A commits, or rolls back and the signal is out",
    ],
  });
}
