import type { Expression } from "../syntax.ts";
import { UNCOMMON } from "./cursor.ts";

/** Reads an expression in a format string, which ends before `limit`, and says where it did. */
type ReadExpression = (at: number, limit: number) => { readonly found: Expression; readonly at: number };

interface StringRead {
  /** As it is written, escapes and all; without what is interpolated. */
  readonly value: string;
  readonly parts: readonly Expression[];
  readonly end: number;
}

const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/** One string literal. */
export class Strings {
  readonly #text: string;
  readonly #limit: number;
  #at: number;

  constructor(text: string, start: number, limit: number) {
    this.#text = text;
    this.#limit = limit;
    this.#at = start;
  }

  read(expression: ReadExpression): StringRead {
    const text = this.#text;
    const start = this.#at;
    let quote = text.charCodeAt(this.#at);
    while (quote !== 34 && quote !== 39) quote = text.charCodeAt(++this.#at);
    const isFormat = /[ft]/i.test(text.slice(start, this.#at));
    const mark = text.charAt(this.#at);
    const isLong = text.startsWith(mark.repeat(3), this.#at);
    const closing = isLong ? mark.repeat(3) : mark;
    this.#at += closing.length;
    return isFormat ? this.format(closing, expression) : this.plain(closing);
  }

  private plain(closing: string): StringRead {
    const start = this.#at;
    const end = this.closing(closing);
    return { value: this.#text.slice(start, end), parts: [], end: end + closing.length };
  }

  private closing(closing: string): number {
    const text = this.#text;
    for (let at = this.#at; at < this.#limit; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) at++;
      else if (code === closing.charCodeAt(0) && text.startsWith(closing, at)) return at;
      else if (code === 10 && closing.length === 1) break;
    }
    throw UNCOMMON;
  }

  private format(closing: string, expression: ReadExpression): StringRead {
    const text = this.#text;
    const parts: Expression[] = [];
    let value = "";
    let from = this.#at;
    for (let at = this.#at; at < this.#limit; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) at++;
      else if (code === closing.charCodeAt(0) && text.startsWith(closing, at))
        return { value: value + text.slice(from, at), parts, end: at + closing.length };
      else if (code === 10 && closing.length === 1) break;
      else if ((code === OPEN || code === CLOSE) && text.charCodeAt(at + 1) === code) at++;
      else if (code === OPEN) {
        value += text.slice(from, at);
        const inner = expression(at + 1, this.#limit);
        parts.push(inner.found);
        at = this.afterInterpolation(inner.at);
        from = at + 1;
      }
    }
    throw UNCOMMON;
  }

  /** `!r`, `:>10`, `=`; gives the place of the bracket that ends it. */
  private afterInterpolation(from: number): number {
    const text = this.#text;
    let depth = 0;
    for (let at = from; at < this.#limit; at++) {
      const code = text.charCodeAt(at);
      if (code === OPEN) depth++;
      else if (code === CLOSE && depth-- === 0) return at;
      else if (code === 10 || code === 34 || code === 39 || code === BACKSLASH) break;
      else if (at === from && code !== 33 && code !== 58 && code !== 61) break;
    }
    throw UNCOMMON;
  }
}
