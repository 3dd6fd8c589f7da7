import type { Budget } from "../budget.ts";
import type { History } from "../history.ts";
import type { Model } from "../model.ts";
import { isAnswered } from "../search/partition.ts";
import { describe, explain } from "./explain.ts";
import { Shrinker } from "./shrink.ts";
import type { OperationGroup, Witness } from "./witness.ts";

/** What explaining may cost beyond the shrinking, which has the search done already. */
const EXPLAIN_CONFIGS = 50_000;

/** Makes the witness of one racy partition, as small as the budget allows. */
export function buildWitness<S, I, O>(
  model: Model<S, I, O>,
  part: History<I, O>,
  budget: Budget,
  because: string | undefined,
): Witness<I, O> {
  const shrunk = new Shrinker(model, budget, because).shrink(part);
  const operations = shrunk.operations.toSorted((a, b) => a.invoke - b.invoke);
  const groups = group(model, operations);
  return {
    operations,
    core: operations.filter(isAnswered).map(({ id }) => id),
    omitted: shrunk.omitted,
    minimal: shrunk.minimal,
    checks: shrunk.checks,
    groups,
    summary: groups.map(groupText).join(", ") + othersText(shrunk.omitted.length),
    explanation: explain(model, operations, budget.part(EXPLAIN_CONFIGS), shrunk.because),
  };
}

const othersText = (count: number) =>
  count === 0 ? "" : ` (${count} more ${count === 1 ? "makes" : "make"} no difference)`;

function groupText({ text, ids, required, final }: OperationGroup): string {
  const words = `${final ? "final " : ""}${text}${required ? "" : " (perhaps)"}`;
  return ids.length === 1 ? words : `${ids.length} × ${words}`;
}

function group<S, I, O>(model: Model<S, I, O>, operations: History<I, O>): OperationGroup[] {
  const groups = new Map<string, { text: string; ids: string[]; required: boolean; final: boolean }>();
  for (const operation of operations) {
    const required = isAnswered(operation);
    const text = describe(model, operation);
    const final =
      required &&
      operations.length > 1 &&
      operations.every(
        (other) => other === operation || (isAnswered(other) ? other.return! < operation.invoke : true),
      );
    const key = `${required}${final}${text}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { text, ids: [operation.id], required, final });
    else known.ids.push(operation.id);
  }
  return [...groups.values()];
}
