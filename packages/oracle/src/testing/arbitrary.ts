import fc from "fast-check";
import type { History, Operation } from "../history.ts";
import type { Subject } from "./subjects.ts";

type AnyOperation = Operation<unknown, unknown>;

/**
 * Small histories of a subject, half of them nearly explainable: answers come from running the
 * operations one by one at a moment inside their intervals, and some are then replaced at random. Times
 * are few, so that ties are many.
 */
export function historyOf(subject: Subject, longest = 8): fc.Arbitrary<History<unknown, unknown>> {
  const call = fc.record({
    input: fc.nat({ max: subject.inputs.length - 1 }),
    invoke: fc.nat({ max: 9 }),
    length: fc.nat({ max: 9 }),
    moment: fc.nat({ max: 9 }),
    pick: fc.nat({ max: 99 }),
    /** 0–11: plausible answer; 12–14: any answer; 15–17: none; 18: none, with a return time. */
    fate: fc.nat({ max: 18 }),
  });
  return fc.array(call, { maxLength: longest }).map((calls) => {
    const inOrder = calls
      .map((each, index) => ({ ...each, index, at: each.invoke + Math.min(each.moment, each.length) }))
      .sort((a, b) => a.at - b.at || a.moment - b.moment);
    let state = subject.model.init();
    const operations: AnyOperation[] = [];
    for (const { input: inputIndex, invoke, length, pick, fate, index } of inOrder) {
      const input = subject.inputs[inputIndex];
      const base = { id: `o${index}`, process: index, invoke, input };
      const answers = subject.answers(input as never);
      const turned = answers.map((_, i) => answers[(i + pick) % answers.length]!);
      const step = (answer: (typeof answers)[number] | undefined) =>
        subject.model.step(state, input, answer && { outcome: answer.outcome, output: answer.output });
      const plausible = turned.find((answer) => step(answer) !== undefined);
      if (fate >= 15) {
        if (pick % 2 === 0) state = step(undefined) ?? state;
        operations.push({ ...base, outcome: "unknown", ...(fate === 18 && { return: invoke + length }) });
        continue;
      }
      const answer = fate < 12 && plausible !== undefined ? plausible : turned[0]!;
      state = step(plausible) ?? state;
      operations.push({
        ...base,
        return: invoke + length,
        outcome: answer.outcome,
        ...(answer.output !== undefined && { output: answer.output }),
      });
    }
    return operations;
  });
}
