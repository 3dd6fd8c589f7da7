import type { Span } from "../../parse/syntax.ts";

const OPENS = /[rRbBuUfFtT]{0,3}("""|'''|"|')/y;

/** Strings that go over more than one line: what stands in them must not be moved. */
export function stringsOverLines(text: string): readonly Span[] {
  const found: Span[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === HASH) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
      continue;
    }
    if (isWordBefore(text, at) || !mayOpen(char)) {
      at++;
      continue;
    }
    OPENS.lastIndex = at;
    const open = OPENS.exec(text);
    if (!open) {
      at++;
      continue;
    }
    const end = closing(text, at + open[0].length, open[1] as string);
    if (text.slice(at, end).includes("\n")) found.push({ start: at, end });
    at = end;
  }
  return found;
}

const HASH = 35;

function mayOpen(code: number): boolean {
  return code === 34 || code === 39 || /[rRbBuUfFtT]/.test(String.fromCharCode(code));
}

/** `bar"` is no prefix and a quote, but the end of a name. */
function isWordBefore(text: string, at: number): boolean {
  return at > 0 && /\w/.test(text[at - 1] as string) && /\w/.test(text[at] as string);
}

function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(quote, at)) return at + quote.length;
    // An unclosed short string ends with its line.
    else if (quote.length === 1 && text[at] === "\n") return at;
  }
  return text.length;
}
