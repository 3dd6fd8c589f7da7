import { lastName } from "../plan/names.ts";
import type { Operation, Slot } from "../plan/operation.ts";
import type { Reference } from "../plan/plan.ts";
import { callable, identifierPointers, inTermsOf, removerOf, shapeOf } from "./links.ts";

/** What a name may end in that says "this names something". */
const KEY = /[_-]?(id|uuid|code|number|key|slug|ref|pk)$/i;
/** Which of two things of a kind is meant. */
const ROLE =
  /^(from|to|source|src|target|destination|dest|sender|recipient|receiver|payer|payee|debit|credit|origin)(?=$|[_-]|[A-Z])[_-]?/;

/**
 * Scalars in the body that name objects (`coupon_code`, `seatId`, `from_account`), with the POST that makes one.
 * What cannot be told for certain stays unlinked: then the document's own sample is sent.
 */
export function referencesOf(operation: Operation, all: readonly Operation[]): Reference[] {
  const slots = (operation.body?.slots ?? []).filter((slot) => slot.required && mayName(slot));
  const creators = all.filter(
    (one) =>
      one.method === "POST" &&
      one.id !== operation.id &&
      one.pathParameters.length === 0 &&
      one.unfillable === undefined &&
      !one.body?.slots.some((slot) => slot.secret) &&
      callable(one, operation),
  );
  return slots.flatMap((slot) => {
    const producer = producerOf(slot, slots, operation, creators);
    if (!producer) return [];
    const parameter = lastName(slot.pointer);
    const pointers = identifierPointers(producer.leaves ?? [], parameter).filter((pointer) =>
      fits(slot, producer, pointer),
    );
    if (producer.leaves?.some((leaf) => !leaf.count) && pointers.length === 0) return [];
    const remover = removerOf(producer, parameter, all);
    return [{ slot, parameter, producer, pointers, ...(remover ? { remover } : {}) }];
  });
}

/** Reads of an object that the body names: what happened to it may show there. */
export function observersOfReference(
  reference: Reference,
  scheme: string,
  all: readonly Operation[],
): Operation[] {
  const { producer, parameter } = reference;
  const named = { ...producer, path: `${producer.path.replace(/\/+$/, "")}/{${parameter}}` };
  return all
    .filter((read) => read.method === "GET" && read.unfillable === undefined)
    .filter((read) => read.open || read.bearer.includes(scheme))
    .filter((read) => shapeOf(read.path) === shapeOf(named.path))
    .map((read) => inTermsOf(named, read));
}

function mayName(slot: Slot): boolean {
  return !slot.fixed && !slot.secret && !slot.numeric && slot.type !== "number";
}

function producerOf(
  slot: Slot,
  slots: readonly Slot[],
  operation: Operation,
  creators: readonly Operation[],
): Operation | undefined {
  const name = lastName(slot.pointer);
  const stem = name.replace(ROLE, "").replace(KEY, "");
  const saysSo = KEY.test(name) || ROLE.test(name);
  const kind = creators.find((one) => singular(one) === plain(stem));
  // `coupon` names a coupon only where it is text or a number that an answer of its creator holds.
  if (kind && stem !== "" && (saysSo || slot.type === "string")) return kind;
  if (stem === "" && KEY.test(name)) return within(operation, creators);
  const paired =
    slots.filter((one) => ROLE.test(lastName(one.pointer)) && one.type === slot.type).length >= 2;
  if (!ROLE.test(name) || !paired) return undefined;
  const fitting = creators.filter((one) =>
    identifierPointers(one.leaves ?? [], "id").some((pointer) => fits(slot, one, pointer)),
  );
  const told = fitting.filter((one) => mentions(operation, singular(one)));
  const [only] = fitting.length === 1 ? fitting : told.length === 1 ? told : [];
  return within(operation, fitting) ?? only;
}

/** "Move money from one wallet of the caller to another" is about wallets. */
function mentions({ words }: Operation, kind: string): boolean {
  return words
    .split(/[^A-Za-z]+/)
    .some((word) => kind.length > 2 && [kind, `${kind}s`].includes(word.toLowerCase()));
}

/** `POST /coupons` for `POST /coupons/redeem`. */
function within(operation: Operation, creators: readonly Operation[]): Operation | undefined {
  const path = shapeOf(operation.path);
  return creators
    .filter((one) => path.startsWith(`${shapeOf(one.path)}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

function fits(slot: Slot, producer: Operation, pointer: string): boolean {
  const leaf = producer.leaves?.find((one) => one.pointer === pointer);
  return leaf === undefined || (leaf.type === "integer") === (slot.type === "integer");
}

/** `coupon` for `POST /v1/coupons/`, `category` for `/categories`. */
function singular({ path }: Operation): string {
  const last = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return plain(
    last
      .replace(/ies$/i, "y")
      .replace(/(ss|x|ch|sh)es$/i, "$1")
      .replace(/([^s])s$/i, "$1"),
  );
}

function plain(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}
