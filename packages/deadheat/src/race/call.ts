import { lastName } from "../plan/names.ts";
import type { Slot } from "../plan/operation.ts";
import type { Act } from "../plan/plan.ts";
import { amountFor, compose } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Fixture, isFreeText, NAMES_SOMETHING } from "./fixture.ts";
import { numberOf, textOf } from "./text.ts";

/** Body numbers of one call, inside the bounds that the document states; for a text that is set, which one. */
export function amountsOf(act: Act, wanted: number): Record<string, number> {
  const slots = (act.operation.body?.slots ?? []).filter(
    (slot) => (isAmount(slot) || isSetText(act, slot)) && !act.references.some((one) => one.slot === slot),
  );
  return Object.fromEntries(
    slots.map((slot: Slot, index) => [slot.pointer, amountFor(slot, wanted + 20 * index)]),
  );
}

function isAmount(slot: Slot): boolean {
  return (
    (slot.type !== "string" || slot.numeric === true) && !slot.fixed && !NAMES_SOMETHING.test(slot.pointer)
  );
}

/** A text that a PUT or PATCH sets, and that a read may show. */
function isSetText({ operation, observers }: Act, slot: Slot): boolean {
  if (operation.method === "POST" || !isFreeText(slot) || textOf(slot, 1) === undefined) return false;
  const name = lastName(slot.pointer);
  const shows = observers.some((read) => read.leaves?.some(({ pointer }) => pointer.endsWith(`/${name}`)));
  return shows || (slot.required && observers.some((read) => read.leaves === undefined));
}

/** The call of an act under the fixture's token, or under another. */
export function call(
  context: Pick<RaceContext, "uuid">,
  act: Act,
  fixture: Fixture,
  amounts: Readonly<Record<string, number>>,
  token = fixture.principal.token,
) {
  const { bindings, texts } = fixture;
  const values: Record<string, unknown> = { ...texts };
  const slots = act.operation.body?.slots ?? [];
  for (const slot of slots.filter((one) => one.pointer in amounts)) {
    const amount = amounts[slot.pointer] ?? 0;
    values[slot.pointer] = isAmount(slot) ? amount : textOf(slot, amount);
  }
  const query: Record<string, string> = {};
  for (const { slot, parameter, inQuery } of act.references) {
    const name = bindings[parameter];
    if (inQuery && name !== undefined) query[parameter] = name;
    else values[slot.pointer] = slot.type === "integer" ? Number(name) : name;
  }
  // What anybody may call is called by nobody: a code is all that it asks for.
  const caller = act.operation.open ? {} : { token };
  return compose(act.operation, {
    bindings,
    values,
    query,
    ...caller,
    fresh: fixture.fresh ?? context.uuid(),
  });
}

/** What the texts that a PUT or PATCH sets are as numbers. */
export function textNumberOf({ operation }: Act) {
  return (pointer: string, amount: number) => {
    const slot = operation.body?.slots.find((one) => one.pointer === pointer);
    const text = slot && textOf(slot, amount);
    return text === undefined ? undefined : numberOf(text);
  };
}
