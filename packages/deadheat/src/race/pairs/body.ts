import { lastName } from "../../plan/names.ts";
import type { Operation, Slot } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { amountFor, compose, uniqueValue } from "../compose.ts";
import type { HttpRequest } from "../exchange.ts";
import { type Fixture, isFreeText, NAMES_SOMETHING } from "../fixture.ts";
import { getAt } from "../pointer.ts";
import type { Token } from "../token.ts";

/** A place in a body that a write may set, and values for it, each another one. */
export interface Field {
  readonly pointer: string;
  /** The `index`-th value, from 0; texts have `unique` in them. `undefined` where there is none. */
  value(index: number, unique: string): unknown;
}

/** Places of the body that a write may set, likeliest to show first. */
export function fieldsOf({ operation, observers, references }: Act): Field[] {
  const { slots = [], nested = [], flags = [], maps = [] } = operation.body ?? {};
  const leaves = new Set(
    observers.flatMap((read) => (read.leaves ?? []).map((leaf) => lastName(leaf.pointer))),
  );
  const shown = (pointer: string) => Number(leaves.has(lastName(pointer)));
  const optional = nested.filter((one) => !slots.some(({ pointer }) => pointer === one.pointer));
  const settable = [...slots, ...optional].filter(
    (slot) =>
      !slot.secret && !isVersion(slot) && !references.some((one) => one.slot.pointer === slot.pointer),
  );
  const fields = [
    ...settable.flatMap(fieldOf),
    ...flags.map((pointer) => ({ pointer, value: (index: number) => index % 2 === 0 })),
  ].sort((a, b) => shown(b.pointer) - shown(a.pointer));
  const keys = maps.flatMap((map) => ["first", "second"].map((name) => keyOf(map, name)));
  return [...fields, ...keys];
}

/** A key of one's own in an object that takes any. */
function keyOf(map: string, name: string): Field {
  return { pointer: `${map}/deadheat_${name}`, value: (index, unique) => `${name}${index}${unique}` };
}

function fieldOf(slot: Slot): Field[] {
  const { pointer, values } = slot;
  if (values && values.length > 1)
    return [{ pointer, value: (index) => values[(index + 1) % values.length] }];
  if (slot.fixed || NAMES_SOMETHING.test(pointer)) return [];
  if (isFreeText(slot))
    return [
      { pointer, value: (index, unique) => uniqueValue(slot, `${unique}${index}`, () => uuidOf(index)) },
    ];
  if (slot.type === "string" && !slot.numeric) return [];
  return [{ pointer, value: (index) => written(slot, amountFor(slot, 7 + 4 * index)) }];
}

/** A decimal that travels as text. */
function written(slot: Slot, amount: number): unknown {
  return slot.numeric ? String(amount) : amount;
}

function uuidOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
}

/** What a client sends back of what it read, so that a write on top of another one is refused. */
export function isVersion({ pointer, type }: Slot): boolean {
  return (
    /^(lock_?)?(version|revision|rev|e_?tag)(_?(id|number|no))?$/i.test(lastName(pointer)) &&
    type !== "number"
  );
}

/** A request whose body holds what is required and `values`, and nothing else. */
export function sparse(
  operation: Operation,
  fixture: Fixture,
  values: Readonly<Record<string, unknown>>,
  token: Token,
  fresh: string,
): HttpRequest {
  const { slots = [], sample, mediaType = "application/json" } = operation.body ?? {};
  let body: unknown = {};
  for (const slot of slots)
    if (slot.required)
      body = put(body, slot.pointer, fixture.texts[slot.pointer] ?? getAt(sample, slot.pointer));
  for (const [pointer, value] of Object.entries(values)) body = put(body, pointer, value);
  const request = compose(operation, { bindings: fixture.bindings, token, fresh });
  return {
    ...request,
    headers: { ...request.headers, "content-type": mediaType },
    body: JSON.stringify(body),
  };
}

/** A copy with a value at a pointer; objects on the way to it are made. */
function put(body: unknown, pointer: string, value: unknown): unknown {
  const [, key, ...rest] = pointer.split("/");
  if (key === undefined) return value;
  const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
  const holder = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const inner = rest.length === 0 ? value : put(holder[name], `/${rest.join("/")}`, value);
  return { ...holder, [name]: inner };
}
