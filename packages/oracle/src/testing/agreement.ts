import { type CheckResult, check } from "../check.ts";
import type { History } from "../history.ts";
import { isLegalOrder } from "../search/replay.ts";
import { bruteForce } from "./brute.ts";
import type { Subject } from "./subjects.ts";

/**
 * The verdict on a small history, and what is wrong with the oracle's answer, if anything: the verdict
 * against brute force, the order against the definition, the witness against brute force.
 */
export function disagreement(subject: Subject, history: History<unknown, unknown>) {
  const result = check(subject.model, history);
  return { verdict: result.verdict, wrong: wrongWith(subject, history, result) };
}

function wrongWith(
  { model }: Subject,
  history: History<unknown, unknown>,
  result: CheckResult,
): string | undefined {
  const expected = bruteForce(model, history) ? "linearizable" : "race";
  if (result.verdict !== expected) return `verdict ${result.verdict}, by brute force ${expected}`;
  if (result.verdict === "linearizable") {
    const order = result.linearization;
    return order !== undefined && isLegalOrder(model, history, order)
      ? undefined
      : `order ${order} is not legal`;
  }
  const { witness } = result;
  if (witness === undefined) return "no witness";
  if (!witness.minimal) return "witness not minimal";
  const core = witness.operations.filter(({ id }) => witness.core.includes(id));
  if (bruteForce(model, witness.operations)) return "witness is linearizable";
  if (bruteForce(model, core)) return "core is linearizable";
  for (const operation of core) {
    const { id, process, invoke, input, outcome, output } = operation;
    const pure = model.pure(input, { outcome: outcome as "ok" | "rejected", output });
    const smaller = witness.operations.flatMap((each) => {
      if (each.id !== id) return [each];
      return pure ? [] : [{ id, process, invoke, input, outcome: "unknown" as const }];
    });
    if (!bruteForce(model, smaller)) return `witness is a race without ${id}`;
  }
  return undefined;
}
