import { operationName } from "../../plan/operation.ts";
import type { Exchange } from "../exchange.ts";
import type { CallNote } from "../scenarios/scenario.ts";
import { type Kind, NAMES, type Outcome, type Pair } from "./pair.ts";
import type { Performance } from "./perform.ts";
import { type Answer, isOf } from "./state.ts";

/** What reports show of each operation of a pair's history; sequences name a request by the letter in brackets. */
export function notesOf(
  { sides }: Pick<Pair, "sides">,
  { kinds, exchanges, seen, read }: Pick<Performance, "kinds" | "exchanges" | "seen" | "read">,
  outcome: Pick<Outcome, "places">,
): Map<string, CallNote> {
  const notes = new Map<string, CallNote>();
  exchanges.forEach((exchange, index) => {
    const kind = kinds[index] as Kind;
    const { operation, does } = sides[kind];
    const words = `${does} (${NAMES[kind]})`;
    notes.set(`r${index + 1}`, { operation: operationName(operation), does: words, ...answered(exchange) });
  });
  if (seen) {
    const does = "read after the acknowledgement";
    notes.set("seen", { operation: seen.name, does, ...(seen.exchange ? answered(seen.exchange) : {}) });
  }
  const told = tellingAnswer(read.answers, outcome);
  const more = read.answers.length - 1;
  const does = more > 0 ? `read the state (this and ${more} more)` : "read the state";
  notes.set("read", { operation: told?.name ?? "", does, ...(told ? answered(told.exchange) : {}) });
  return notes;
}

/** An operation as it was sent and answered. */
export function answered(exchange: Exchange): Pick<CallNote, "status" | "exchange"> {
  return { ...(exchange.status === undefined ? {} : { status: exchange.status }), exchange };
}

/** Of all that the state was read from, the answer that shows what no order explains. */
function tellingAnswer(answers: readonly Answer[], { places }: Pick<Outcome, "places">): Answer | undefined {
  return (
    answers.find(({ name }) => places.some((place) => place === name || isOf(place, name))) ?? answers[0]
  );
}
