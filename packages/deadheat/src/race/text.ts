import type { Slot } from "../plan/operation.ts";
import { uniqueValue } from "./compose.ts";

/**
 * A text as a number, so that one that is set can be told from another one. No sum and no step of such numbers
 * means anything: `updated_at` must not look like a counter. FNV-1a with MurmurHash3's finish, twice, to 2^48.
 */
export function numberOf(text: string): number {
  return hash(text, 0x811c9dc5) * 0x10000 + (hash(text, 0x01234567) & 0xffff);
}

function hash(text: string, start: number): number {
  let value = start;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  // FNV alone leaves texts that differ in their last character a fixed step apart: MurmurHash3's finish does not.
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** The text that stands for `amount` in a slot; another one for another amount. `undefined` where none fits. */
export function textOf(slot: Slot, amount: number): string | undefined {
  const uuid = `00000000-0000-4000-8000-${String(amount).padStart(12, "0")}`;
  return uniqueValue(slot, `deadheat${amount}`, () => uuid);
}
