import type { Budget } from "../budget.ts";
import { OracleError } from "../errors.ts";
import type { History, Operation } from "../history.ts";
import type { Model } from "../model.ts";
import { stateText } from "../models/unknown-input.ts";
import { isAnswered, layOut } from "../search/partition.ts";
import { Search } from "../search/search.ts";

/** One step of the longest legal order. */
export interface ExplainedStep {
  readonly id: string;
  readonly text: string;
  /** The state after it, in the model's words. */
  readonly state: string;
}

/** Why an operation cannot be the next one. */
export interface Alternative {
  readonly id: string;
  readonly text: string;
  /**
   * - `illegal`: the model does not allow its answer in this state.
   * - `too-late`: it was invoked only after operation `after` returned, which is not placed yet.
   * - `dead-end`: it may come next, but no order of the rest is legal then.
   */
  readonly why: "illegal" | "too-late" | "dead-end";
  readonly after?: string;
}

/** Why there is no legal order: data for a picture, and words. */
export interface Explanation {
  /** The initial state, in the model's words. */
  readonly initial: string;
  /** False where the budget ended first: then some other order may be longer. */
  readonly complete: boolean;
  /** As many of the answered operations as any legal order can place. */
  readonly order: readonly ExplainedStep[];
  /** The operation that has to come next, and cannot. */
  readonly stuck: { readonly id: string; readonly text: string };
  readonly alternatives: readonly Alternative[];
  /** A reason that needs no search, where the model knows one. */
  readonly because?: string;
  readonly words: string;
}

/** `model.describe`, or the input and answer as JSON. */
export function describe<S, I, O>(model: Model<S, I, O>, operation: Operation<I, O>): string {
  const { input, outcome, output } = operation;
  const response = outcome === "unknown" ? undefined : { outcome, output };
  if (model.describe !== undefined) return model.describe(input, response);
  const answer = response === undefined ? "?" : `${outcome} ${JSON.stringify(output) ?? ""}`.trimEnd();
  return `${JSON.stringify(input)} → ${answer}`;
}

/** Explains a history that has no legal order. */
export function explain<S, I, O>(
  model: Model<S, I, O>,
  history: History<I, O>,
  budget: Budget,
  because: string | undefined,
): Explanation {
  const byId = new Map(history.map((operation) => [operation.id, operation]));
  const partition = layOut(model, history);
  const search = new Search(model, partition);
  const answer = search.run(budget, Number.POSITIVE_INFINITY);
  if (answer === "linearizable") {
    const operation = history.find(isAnswered)?.id;
    throw new OracleError("model-shortcut-wrong", `${model.name} denies an order that is legal`, {
      operation,
    });
  }
  const placed = search.longest();

  let state = model.init();
  const initial = stateText(model, state);
  const order = placed.map((id): ExplainedStep => {
    const operation = byId.get(id)!;
    const { input, outcome, output } = operation;
    state = model.step(state, input, outcome === "unknown" ? undefined : { outcome, output })!;
    return { id, text: describe(model, operation), state: stateText(model, state) };
  });

  const done = new Set(placed);
  const open = history.filter((operation) => !done.has(operation.id));
  const waiting = open.filter(isAnswered).sort((a, b) => a.return! - b.return! || a.invoke - b.invoke);
  const next = waiting[0]!;
  const alternatives = open
    .toSorted((a, b) => Number(isAnswered(b)) - Number(isAnswered(a)) || a.invoke - b.invoke)
    .map((operation): Alternative => {
      const at = { id: operation.id, text: describe(model, operation) };
      if (operation.invoke > next.return!) return { ...at, why: "too-late", after: next.id };
      const { input, outcome, output } = operation;
      const after = model.step(state, input, outcome === "unknown" ? undefined : { outcome, output });
      return { ...at, why: after === undefined ? "illegal" : "dead-end" };
    });
  // The one to name: the model's refusal says more than a return time.
  const named = alternatives.find(({ id, why }) => why === "illegal" && isAnswered(byId.get(id)!));
  const stuck = { id: named?.id ?? next.id, text: named?.text ?? describe(model, next) };
  const here = (order.at(-1)?.state ?? initial) || "empty";
  return {
    initial,
    complete: answer === "race",
    order,
    stuck,
    alternatives,
    ...(because !== undefined && { because }),
    words: inWords(order, stuck, alternatives, here, because) + (answer === "race" ? "" : UNFINISHED),
  };
}

const REASONS = {
  illegal: "is not a legal answer in this state",
  "too-late": "started only later",
  "dead-end": "may come next, but then the rest has no legal order",
};

const UNFINISHED = "\nThe search for longer orders ended at its limit.";

function inWords(
  order: readonly ExplainedStep[],
  stuck: { text: string },
  alternatives: readonly Alternative[],
  here: string,
  because: string | undefined,
): string {
  const lines = because === undefined ? [] : [`${because}.`];
  const count = order.length;
  const path = countEqual(order.map(({ text }) => text)).join(", ");
  lines.push(
    count === 0
      ? `No operation can come first (state ${here}).`
      : `The longest legal order has ${count} operation${count === 1 ? "" : "s"}: ${path}; state ${here}.`,
    `Next would have to be ${stuck.text}, and cannot.`,
  );
  for (const why of ["illegal", "dead-end", "too-late"] as const) {
    const texts = countEqual(alternatives.filter((each) => each.why === why).map(({ text }) => text));
    if (texts.length > 0) lines.push(`- ${texts.join(", ")}: ${REASONS[why]}.`);
  }
  return lines.join("\n");
}

/** Runs of equal texts, counted. */
function countEqual(texts: readonly string[]): string[] {
  const runs: { text: string; count: number }[] = [];
  for (const text of texts) {
    const last = runs.at(-1);
    if (last?.text === text) last.count++;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${count} × ${text}`));
}
