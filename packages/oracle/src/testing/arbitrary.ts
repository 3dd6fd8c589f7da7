import fc from "fast-check";
import type { History, Operation } from "../history.ts";
import type { Subject } from "./subjects.ts";

type AnyOperation = Operation<unknown, unknown>;

export interface HistoryShape {
  /** Most operations. */
  readonly longest?: number;
  /** Invokes are in 0 … span. */
  readonly span?: number;
  /** Intervals are 0 … length long. */
  readonly length?: number;
  /** How many of about 14 answers are any at all. */
  readonly noise?: number;
}

/**
 * Small histories of a subject, half of them nearly explainable: answers come from running the
 * operations one by one at a moment inside their intervals, and some are then replaced at random. Times
 * are few, so that ties are many.
 */
export function historyOf(
  subject: Subject,
  { longest = 8, span = 9, length = 9, noise = 3 }: HistoryShape = {},
): fc.Arbitrary<History<unknown, unknown>> {
  const call = fc.record({
    input: fc.nat({ max: subject.inputs.length - 1 }),
    invoke: fc.nat({ max: span }),
    length: fc.nat({ max: length }),
    moment: fc.nat({ max: length }),
    pick: fc.nat({ max: 99 }),
    /** Below 100: an answer, any at all below `noise` × 7; else none, with a return time from 115. */
    fate: fc.nat({ max: 120 }),
  });
  return fc.array(call, { maxLength: longest, size: "max" }).map((calls) => {
    const inOrder = calls
      .map((each, index) => ({ ...each, index, at: each.invoke + Math.min(each.moment, each.length) }))
      .sort((a, b) => a.at - b.at || a.moment - b.moment);
    let state = subject.model.init();
    const operations: AnyOperation[] = [];
    for (const { input: inputIndex, invoke, length, pick, fate, index } of inOrder) {
      const input = subject.inputs[inputIndex];
      const base = { id: `o${index}`, process: index, invoke, input };
      const answers = subject.answers(input as never, state as never);
      const turned = answers.map((_, i) => answers[(i + pick) % answers.length]!);
      const step = (answer: (typeof answers)[number] | undefined) =>
        subject.model.step(state, input, answer && { outcome: answer.outcome, output: answer.output });
      const plausible = turned.find((answer) => step(answer) !== undefined);
      if (fate >= 100) {
        if (pick % 2 === 0) state = step(undefined) ?? state;
        operations.push({ ...base, outcome: "unknown", ...(fate >= 115 && { return: invoke + length }) });
        continue;
      }
      // Without noise, every history is explained by the order in which it was made.
      if (noise === 0 && plausible === undefined) continue;
      const answer = fate >= noise * 7 && plausible !== undefined ? plausible : turned[0]!;
      state = step(plausible) ?? state;
      operations.push({
        ...base,
        // Now and then an answer nobody knows the time of.
        return: pick % 33 === 32 ? Number.POSITIVE_INFINITY : invoke + length,
        outcome: answer.outcome,
        ...(answer.output !== undefined && { output: answer.output }),
      });
    }
    return operations;
  });
}
