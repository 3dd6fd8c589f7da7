import { sharedText } from "../shared-text.ts";
import type { Expression } from "../syntax.ts";
import { UNCOMMON } from "./cursor.ts";

/** Reads an expression in a format string, and says where it ended. */
type ReadExpression = (at: number) => { readonly found: Expression; readonly at: number };

interface StringRead {
  /** As it is written, escapes and all; without what is interpolated. */
  readonly value: string;
  readonly parts: readonly Expression[];
  readonly end: number;
}

const NEWLINE = 10;
const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const NO_PARTS: readonly Expression[] = [];

/** One string literal, its prefix included, that begins at `start` and ends before `limit`. */
export function readString(
  text: string,
  start: number,
  limit: number,
  expression: ReadExpression,
): StringRead {
  let at = start;
  let quote = text.charCodeAt(at);
  let isFormat = false;
  while (quote !== QUOTE && quote !== APOSTROPHE) {
    // f, F, t, T
    if (quote === 102 || quote === 70 || quote === 116 || quote === 84) isFormat = true;
    quote = text.charCodeAt(++at);
  }
  const isLong = text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote;
  const from = at + (isLong ? 3 : 1);
  if (isFormat) return readFormat(text, from, limit, { quote, isLong }, expression);
  const end = closingAt(text, from, limit, quote, isLong);
  return { value: sharedText(text, from, end), parts: NO_PARTS, end: end + (isLong ? 3 : 1) };
}

function closes(text: string, at: number, quote: number, isLong: boolean): boolean {
  return !isLong || (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote);
}

function closingAt(text: string, from: number, limit: number, quote: number, isLong: boolean): number {
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === quote && closes(text, at, quote, isLong)) return at;
    else if (code === NEWLINE && !isLong) break;
  }
  throw UNCOMMON;
}

function readFormat(
  text: string,
  start: number,
  limit: number,
  { quote, isLong }: { readonly quote: number; readonly isLong: boolean },
  expression: ReadExpression,
): StringRead {
  const parts: Expression[] = [];
  let value = "";
  let from = start;
  for (let at = start; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === quote && closes(text, at, quote, isLong))
      return { value: value + text.slice(from, at), parts, end: at + (isLong ? 3 : 1) };
    else if (code === NEWLINE && !isLong) break;
    else if ((code === OPEN || code === CLOSE) && text.charCodeAt(at + 1) === code) at++;
    else if (code === OPEN) {
      value += text.slice(from, at);
      const inner = expression(at + 1);
      parts.push(inner.found);
      at = afterInterpolation(text, inner.at, limit);
      from = at + 1;
    }
  }
  throw UNCOMMON;
}

/** `!r`, `:>10`, `=`; gives the place of the bracket that ends it. */
function afterInterpolation(text: string, from: number, limit: number): number {
  let depth = 0;
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN) depth++;
    else if (code === CLOSE && depth-- === 0) return at;
    else if (code === NEWLINE || code === QUOTE || code === APOSTROPHE || code === BACKSLASH) break;
    else if (at === from && code !== 33 && code !== 58 && code !== 61) break;
  }
  throw UNCOMMON;
}
