import type { RuntimeEvidence } from "../types.ts";

/** One look at the order: the state before, after each call that is placed, and the step that cannot be made. */
export interface Step {
  /** The call that it is about; none for the state before. */
  readonly id?: string;
  readonly state: string;
  readonly words: string;
  readonly wrong: boolean;
}

/** What stepping through goes through. Empty where no order was recorded. */
export function stepsOf({ order, impossible, witness }: RuntimeEvidence): readonly Step[] {
  if (!order) return [];
  const placed = order.steps.map(({ id, text, state }, at) => ({
    id,
    state,
    words: `${at + 1}. ${id}: ${text}`,
    wrong: false,
  }));
  const state = order.steps.at(-1)?.state ?? order.initial;
  const stuck = impossible ?? witness.at(-1) ?? "";
  return [
    { state: order.initial, words: "Before the first call", wrong: false },
    ...placed,
    { id: stuck, state, words: whyNot(order.left, stuck), wrong: true },
  ];
}

type Left = NonNullable<RuntimeEvidence["order"]>["left"];

function whyNot(left: Left, stuck: string): string {
  const others = left
    .filter((one) => one.id !== stuck)
    .map((one) => `${one.id} (${one.text}) ${reasonOf(one)}`);
  const own = left.find((one) => one.id === stuck);
  const head = own ? `${own.id} (${own.text}) ${reasonOf(own)}` : `${stuck} cannot come next`;
  return `${[head, ...others.slice(0, 4)].join("; ")}${others.length > 4 ? `; and ${others.length - 4} more` : ""}.`;
}

function reasonOf({ why, after }: Left[number]): string {
  switch (why) {
    case "illegal":
      return "cannot come next: its answer is not possible in this state";
    case "too-late":
      return `cannot come next: it began only after ${after ?? "another call"} had returned`;
    default:
      return "may come next, but then the rest has no order";
  }
}
