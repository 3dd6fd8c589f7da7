import { sharedWhole } from "./shared-text.ts";

/** A function or method, found without parsing it. Offsets are UTF-16 units from the start of the file. */
export interface FunctionSpan {
  readonly name: string;
  /** Of the line on which it starts. */
  readonly lineStart: number;
  /** Its first decorator, or its `def`. */
  readonly start: number;
  /** After the colon that ends its head. */
  readonly headEnd: number;
  readonly end: number;
}

export interface Outline {
  /** By start; functions inside of functions belong to those. */
  readonly functions: ReadonlyMap<number, FunctionSpan>;
  /** The text with `pass` and blanks in the place of each function: as long as the text, line for line shorter. */
  readonly skeleton: () => string;
}

/**
 * Finds the functions of a file by indentation, brackets and strings alone, so that only those have to be parsed
 * that somebody asks for. `undefined` where the text is not well-formed enough for that (an open bracket, a string
 * without an end): then all of it has to be parsed.
 */
export function outlineOf(text: string): Outline | undefined {
  const functions = new Map<number, FunctionSpan>();
  const scan = new LineScan(text);
  let open: { name: string; lineStart: number; start: number; headEnd: number; indent: number } | undefined;
  let decorator: { start: number; lineStart: number } | undefined;
  let lastEnd = 0;
  const close = () => {
    // Written out: of a spread object V8 makes a class of its own, each time.
    if (open) {
      const { name, lineStart, start, headEnd } = open;
      functions.set(start, { name, lineStart, start, headEnd, end: lastEnd });
    }
    open = undefined;
  };
  while (scan.nextLine()) {
    if (open && scan.indent > open.indent) {
      if (!scan.skipLine()) return undefined;
      lastEnd = scan.lineEnd;
      continue;
    }
    close();
    const { at, lineStart, indent } = scan;
    const isDecorator = text.charCodeAt(at) === AT;
    const name = isDecorator ? undefined : functionName(text, at);
    if (!scan.skipLine()) return undefined;
    if (name !== undefined) {
      const first = decorator ?? { start: at, lineStart };
      open = { name, lineStart: first.lineStart, start: first.start, headEnd: scan.colon, indent };
      lastEnd = scan.lineEnd;
    }
    decorator = isDecorator ? (decorator ?? { start: at, lineStart }) : undefined;
  }
  close();
  return { functions, skeleton: () => skeletonOf(text, functions) };
}

const DEFINITION = /(?:async[ \t]+)?def[ \t]+([\p{L}_][\p{L}\p{N}_]*)/uy;

function functionName(text: string, at: number): string | undefined {
  const first = text.charCodeAt(at);
  if (first !== 100 /* d */ && first !== 97 /* a */) return undefined;
  DEFINITION.lastIndex = at;
  const name = DEFINITION.exec(text)?.[1];
  return name && sharedWhole(name);
}

function skeletonOf(text: string, functions: ReadonlyMap<number, FunctionSpan>): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of functions.values()) {
    parts.push(text.slice(from, start), "pass", " ".repeat(end - start - 4));
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join("");
}

const AT = 64;
const NEWLINE = 10;
const HASH = 35;
const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;
const COLON = 58;

/** Walks a text by logical lines: brackets, strings and backslashes join lines. */
class LineScan {
  readonly #text: string;
  #next = 0;
  lineStart = 0;
  /** First character of the line that is no blank. */
  at = 0;
  indent = 0;
  lineEnd = 0;
  /** After the first colon outside of brackets. */
  colon = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Goes to the next line that is neither blank nor a comment. */
  nextLine(): boolean {
    const text = this.#text;
    let at = this.#next;
    while (at < text.length) {
      const start = at;
      let indent = 0;
      let code = text.charCodeAt(at);
      while (code === 32 || code === 9 || code === 12 || code === 13) {
        indent = code === 9 ? indent + 8 - (indent % 8) : indent + 1;
        code = text.charCodeAt(++at);
      }
      if (at >= text.length) return false;
      if (code === NEWLINE) at++;
      else if (code === HASH) at = afterLine(text, at);
      else {
        this.lineStart = start;
        this.at = at;
        this.indent = indent;
        return true;
      }
    }
    return false;
  }

  /** To the end of the logical line; false where there is none. */
  skipLine(): boolean {
    const text = this.#text;
    let depth = 0;
    this.colon = 0;
    for (let at = this.at; ; at++) {
      const code = at < text.length ? text.charCodeAt(at) : NEWLINE;
      if (code === NEWLINE) {
        if (depth > 0) {
          if (at >= text.length || startsDefinition(text, at + 1)) return false;
          continue;
        }
        // A backslash or a comment may be the last there is.
        const end = Math.min(at, text.length);
        this.lineEnd = text.charCodeAt(end - 1) === 13 ? end - 1 : end;
        this.#next = at + 1;
        return true;
      }
      switch (code) {
        case 40:
        case 91:
        case 123:
          depth++;
          break;
        case 41:
        case 93:
        case 125:
          if (--depth < 0) return false;
          break;
        case COLON:
          if (depth === 0 && this.colon === 0) this.colon = at + 1;
          break;
        case HASH:
          at = afterLine(text, at) - 2;
          if (at + 1 >= text.length) at = text.length - 1;
          break;
        case BACKSLASH:
          at += text.charCodeAt(at + 1) === 13 ? 2 : 1;
          break;
        case QUOTE:
        case APOSTROPHE:
          at = stringEnd(text, at, code);
          if (at < 0) return false;
      }
    }
  }
}

/** In an open bracket a definition in the first column says that the bracket was never closed. */
function startsDefinition(text: string, at: number): boolean {
  return text.startsWith("def ", at) || text.startsWith("class ", at) || text.startsWith("async def ", at);
}

function afterLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length + 1 : end + 1;
}

/** The last quote of the string that begins at `at`; negative where it does not end. */
export function stringEnd(text: string, at: number, quote: number): number {
  if (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) {
    for (let end = at + 3; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === BACKSLASH) end++;
      else if (code === quote && text.charCodeAt(end + 1) === quote && text.charCodeAt(end + 2) === quote)
        return end + 2;
    }
    return -1;
  }
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === BACKSLASH) end++;
    else if (code === quote) return end;
    else if (code === NEWLINE) return -1;
  }
  return -1;
}
