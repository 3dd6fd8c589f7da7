import { lastName } from "../../plan/names.ts";
import type { Leaf, Operation, Slot } from "../../plan/operation.ts";
import { callable } from "../links.ts";
import { once } from "../lookup.ts";
import { shared } from "../schemes.ts";

const CODE = /(^|[_-])(code|otp|token|ticket|pin)$|[a-z](Code|Otp|OTP|Token|Ticket|Pin)$/i;
/** What ends like one and is spent by nobody, or by other rules. */
const OTHER =
  /refresh|access|id_?token|csrf|captcha|device|push|client|bearer|country|postal|zip|area|currency|promo|coupon|discount|voucher|gift|language|bar_?code|qr/i;
const NAMES = /^((e-?)?mail|user_?name|login|phone|mobile|identifier)(_?(address|number))?$/i;
/** What is done with codes, one family a line: a code of one is no code of another. */
export const KINDS = [
  /otp|one-?time|pass-?less|password-?less|magic|codes?\b/i,
  /reset|forgot|recover/i,
  /verif|confirm|activat/i,
  /invit/i,
  /oauth|authori[sz]/i,
];

/** Where a code comes from that `operation` takes: the nearest whose answer shows one, the nearest that may send one. */
export function makersOf(operation: Operation, slot: Slot, all: readonly Operation[]) {
  const words = wordsOf(operation);
  const nearest = (makers: readonly Maker[], fits: (one: Operation) => boolean) => {
    let found: { readonly one: Operation; readonly kinship: number; readonly near: number } | undefined;
    for (const maker of makers) {
      const { one } = maker;
      const kinship = common(maker.words, words);
      if (found && kinship < found.kinship) continue;
      const near = shared(operation.path, one.path);
      if (found && kinship === found.kinship && near <= found.near) continue;
      if (one.id !== operation.id && callable(one, operation) && akin(one, operation) && fits(one))
        found = { one, kinship, near };
    }
    return found?.one;
  };
  const { answering, asking } = once(all, makersIn);
  return {
    answers: nearest(answering, (one) => codeLeaves(one, slot).length > 0),
    mails: nearest(asking, () => true),
  };
}

interface Maker {
  readonly one: Operation;
  readonly words: ReadonlySet<string>;
}

/** What may make codes: that whose answers show something called so, and open operations that ask who wants one. */
function makersIn(all: readonly Operation[]) {
  const makers = all
    .filter((one) => one.method === "POST" && one.unfillable === undefined)
    // Who signs up or in with a password is answered a token that is no code.
    .filter(
      (one) => one.pathParameters.length === 0 && !one.body?.slots.some((it) => it.secret || isCode(it)),
    )
    .map((one): Maker => ({ one, words: wordsOf(one) }));
  return {
    answering: makers.filter(({ one }) => one.leaves?.some(({ pointer }) => CODE.test(lastName(pointer)))),
    asking: makers.filter(({ one }) => one.open && asks(one)),
  };
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const word of a) if (b.has(word)) count++;
  return count;
}

export function isCodeName(name: string): boolean {
  return CODE.test(name) && !OTHER.test(name);
}

export function isCode(slot: Slot): boolean {
  return slot.type !== "number" && !slot.fixed && isCodeName(lastName(slot.pointer));
}

/** A place of the answer that is called as the slot is, or as the end of it: `token` for `reset_token`. */
export function codeLeaves({ leaves }: Operation, slot: Slot): Leaf[] {
  const wanted = plain(lastName(slot.pointer));
  const isOne = (leaf: Leaf) => {
    const name = plain(lastName(leaf.pointer));
    return (
      name !== "" && CODE.test(lastName(leaf.pointer)) && (wanted.endsWith(name) || name.endsWith(wanted))
    );
  };
  return (leaves ?? []).filter((leaf) => leaf.type !== "boolean" && !leaf.count && isOne(leaf));
}

/** It asks who wants a code, and for nothing else that is required. */
function asks({ body }: Operation): boolean {
  const required = (body?.slots ?? []).filter((slot) => slot.required && !slot.fixed);
  return required.length > 0 && required.every((slot) => NAMES.test(lastName(slot.pointer)));
}

/** Both are about codes of one family, or one stands inside the other. */
function akin(producer: Operation, consumer: Operation): boolean {
  const inside = consumer.path.startsWith(`${producer.path.replace(/\/+$/, "")}/`);
  return inside || KINDS.some((kind) => kind.test(producer.words) && kind.test(consumer.words));
}

/** Words of the trade in its path: `/magic-link/verify` is no end of `/email-otp/send`. */
function wordsOf({ path }: Operation): ReadonlySet<string> {
  return new Set(path.toLowerCase().match(TRADE) ?? []);
}

const TRADE =
  /otp|pass-?word-?less|password|magic|link|codes?|reset|forgot|recover|verif|confirm|activat|invit|e-?mail|sms|phone/g;

function plain(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}
