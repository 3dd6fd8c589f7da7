import { lastName } from "../plan/names.ts";
import type { Operation, Slot } from "../plan/operation.ts";
import type { Reference } from "../plan/plan.ts";
import { callable, identifierPointers, inTermsOf, removerOf, shapeOf } from "./links.ts";
import { at, file, once } from "./lookup.ts";

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
  if (slots.length === 0) return [];
  const creators = once(all, creatorsIn);
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
  return at(all, "GET", shapeOf(named.path))
    .filter((read) => read.unfillable === undefined && (read.open || read.bearer.includes(scheme)))
    .map((read) => inTermsOf(named, read));
}

function mayName(slot: Slot): boolean {
  return !slot.fixed && !slot.secret && !slot.numeric && slot.type !== "number";
}

function producerOf(
  slot: Slot,
  slots: readonly Slot[],
  operation: Operation,
  creators: Creators,
): Operation | undefined {
  const may = (one: Operation) => one.id !== operation.id && callable(one, operation);
  const name = lastName(slot.pointer);
  const stem = name.replace(ROLE, "").replace(KEY, "");
  const saysSo = KEY.test(name) || ROLE.test(name);
  const kind = creators.byKind.get(plain(stem))?.find(may);
  // `coupon` names a coupon only where it is text or a number that an answer of its creator holds.
  if (kind && stem !== "" && (saysSo || slot.type === "string")) return kind;
  if (stem === "" && KEY.test(name)) return within(operation, creators, may);
  const paired =
    slots.filter((one) => ROLE.test(lastName(one.pointer)) && one.type === slot.type).length >= 2;
  if (!ROLE.test(name) || !paired) return undefined;
  const mayName = (one: Operation) =>
    may(one) && identifierPointers(one.leaves ?? [], "id").some((pointer) => fits(slot, one, pointer));
  return (
    within(operation, creators, mayName) ??
    only(creators.all, mayName) ??
    only(mentioned(operation, creators), mayName)
  );
}

/** The one that fits, where no other does. */
function only(all: readonly Operation[], fits: (one: Operation) => boolean): Operation | undefined {
  let found: Operation | undefined;
  for (const one of all) {
    if (!fits(one)) continue;
    if (found) return undefined;
    found = one;
  }
  return found;
}

/** "Move money from one wallet of the caller to another" is about wallets. */
function mentioned({ words }: Operation, { byKind }: Creators): Operation[] {
  const said = words.split(/[^A-Za-z]+/).map((word) => word.toLowerCase());
  const kinds = new Set(said.flatMap((word) => [word, word.replace(/s$/, "")]));
  return [...kinds].flatMap((kind) => (kind.length > 2 ? (byKind.get(kind) ?? []) : []));
}

/** `POST /coupons` for `POST /coupons/redeem`. */
function within(
  operation: Operation,
  { byPath }: Creators,
  fits: (one: Operation) => boolean,
): Operation | undefined {
  const path = shapeOf(operation.path);
  for (let end = path.lastIndexOf("/"); ; end = path.lastIndexOf("/", end - 1)) {
    const found = byPath.get(path.slice(0, Math.max(end, 0)))?.find(fits);
    if (found || end <= 0) return found;
  }
}

/** Operations that make something without an object being named first. */
interface Creators {
  readonly all: readonly Operation[];
  /** By what they make. */
  readonly byKind: ReadonlyMap<string, readonly Operation[]>;
  readonly byPath: ReadonlyMap<string, readonly Operation[]>;
}

function creatorsIn(all: readonly Operation[]): Creators {
  const creators = all.filter(
    (one) =>
      one.method === "POST" &&
      one.pathParameters.length === 0 &&
      one.unfillable === undefined &&
      !one.body?.slots.some((slot) => slot.secret),
  );
  const byKind = new Map<string, Operation[]>();
  const byPath = new Map<string, Operation[]>();
  for (const one of creators) {
    file(byKind, singular(one), one);
    file(byPath, shapeOf(one.path), one);
  }
  return { all: creators, byKind, byPath };
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
