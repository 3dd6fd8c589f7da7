import type { CheckResult, Explanation, Operation } from "@deadheat/oracle";
import type { LegalOrder, RecordedCall, RuntimeEvidence } from "../findings/evidence.ts";
import { type Mask, redactText, redactValue } from "../findings/redact.ts";
import type { Trial } from "./scenarios/index.ts";
import { shownAnswer, shownRequest } from "./shown.ts";

/** What a report shows of a trial whose history no order explains. */
export function historyEvidence(
  trial: Trial,
  {
    model,
    index,
    controls,
    rate,
    window,
    mask,
  }: {
    readonly model: string;
    /** Of the trial, from 0. */
    readonly index: number;
    readonly controls: readonly string[];
    readonly rate: RuntimeEvidence["rate"];
    readonly window?: RuntimeEvidence["window"];
    readonly mask: Mask;
  },
): RuntimeEvidence {
  const { witness }: CheckResult = trial.result;
  const history = [...trial.history]
    .sort((a, b) => a.invoke - b.invoke)
    .map((one) => recorded(one, trial, mask));
  const order = witness && orderOf(witness.explanation, mask);
  return {
    kind: "runtime",
    form: "history",
    summary: redactText(trial.summary, mask),
    model: trial.model ?? model,
    transport: trial.schedule.transport,
    trial: index,
    schedule: trial.schedule,
    history,
    witness: witness?.core ?? history.map((one) => one.id),
    ...(witness ? { impossible: witness.explanation.stuck.id } : {}),
    explanation: redactText(witness?.explanation.words ?? "", mask),
    ...(order ? { order } : {}),
    controls,
    ...(rate ? { rate } : {}),
    ...(window ? { window } : {}),
  };
}

/** An invariant that does not hold needs no search, and has no order. */
function orderOf(
  { initial, complete, order, alternatives }: Explanation,
  mask: Mask,
): LegalOrder | undefined {
  if (order.length === 0 && alternatives.length === 0) return undefined;
  return plain({ initial, complete, steps: order, left: alternatives }, mask) as LegalOrder;
}

function recorded(operation: Operation<unknown, unknown>, trial: Trial, mask: Mask): RecordedCall {
  const note = trial.calls.get(operation.id);
  const since = (time: number) => Math.round((time - trial.release) * 1000) / 1000;
  const answer = note?.exchange && shownAnswer(note.exchange, mask);
  return {
    id: operation.id,
    process: String(operation.process),
    operation: note?.operation ?? "",
    does: note?.does ?? "",
    ...(note?.status === undefined ? {} : { status: note.status }),
    invoke: since(operation.invoke),
    ...(operation.return === undefined ? {} : { return: since(operation.return) }),
    input: plain(operation.input, mask),
    ...(operation.output === undefined ? {} : { output: plain(operation.output, mask) }),
    outcome: operation.outcome,
    ...(note?.exchange ? { request: shownRequest(note.exchange, mask) } : {}),
    ...(answer ? { answer } : {}),
  };
}

/** The model's words: `token` is the name of one in them. A text that looks like a credential is masked, always alike. */
function plain(value: unknown, mask: Mask): unknown {
  return redactValue(value, mask);
}
