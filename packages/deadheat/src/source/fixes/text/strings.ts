import type { Span } from "../../parse/syntax.ts";

const OPENS = /[rRbBuUfFtT]{0,3}("""|'''|"|')/y;

/** Strings that go over more than one line: what stands in them must not be moved. */
export function stringsOverLines(text: string): readonly Span[] {
  const found: Span[] = [];
  for (let at = 0; at < text.length; ) {
    if (text.charCodeAt(at) === HASH) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
      continue;
    }
    const end = stringAt(text, at);
    if (end !== undefined && text.slice(at, end).includes("\n")) found.push({ start: at, end });
    at = end ?? at + 1;
  }
  return found;
}

/** Where the string ends that begins at `at`, if one does. */
export function stringAt(text: string, at: number): number | undefined {
  if (isWordBefore(text, at) || !mayOpen(text.charCodeAt(at))) return undefined;
  OPENS.lastIndex = at;
  const open = OPENS.exec(text);
  return open ? closing(text, at + open[0].length, open[1] as string) : undefined;
}

/** The same length, with blanks for what strings say; formatted ones hold code and stay. */
export function withoutStrings(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; ) {
    const end = stringAt(text, at);
    const next = end ?? at + 1;
    const isText = end !== undefined && !/^[rRbBuU]*[fFtT]/.test(text.slice(at, at + 3));
    out += isText ? " ".repeat(next - at) : text.slice(at, next);
    at = next;
  }
  return out;
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
