import type { Span } from "../../parse/syntax.ts";
import type { Edit } from "./edit.ts";
import { stringsOverLines } from "./strings.ts";

/** A Python text as its lines: what they are indented by, how they end, which of them belong to a string. */
export class Layout {
  readonly text: string;
  readonly newline: string;
  #strings: readonly Span[] | undefined;

  constructor(text: string) {
    this.text = text;
    this.newline = /\r\n/.test(text) ? "\r\n" : "\n";
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf("\n", offset - 1) + 1;
  }

  /** After the line's end, its newline included. */
  nextLine(offset: number): number {
    const at = this.text.indexOf("\n", offset);
    return at < 0 ? this.text.length : at + 1;
  }

  indentAt(offset: number): string {
    const start = this.lineStart(offset);
    return /^[ \t]*/.exec(this.text.slice(start, offset))?.[0] ?? "";
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  /** Nothing else stands on the lines of `span`: no second statement, no `if x: y`. */
  isAlone(span: Span): boolean {
    const before = this.text.slice(this.lineStart(span.start), span.start);
    const after = this.text.slice(span.end, this.nextLine(span.end));
    return /^[ \t]*$/.test(before) && /^[ \t]*(#[^\n]*)?\r?\n?$/.test(after);
  }

  /** Whole lines of a statement, a comment behind it included. */
  linesOf(span: Span): Span {
    return { start: this.lineStart(span.start), end: this.nextLine(span.end) };
  }

  /** Lines before `offset`'s line. */
  insertBefore(offset: number, lines: readonly string[]): Edit {
    const at = this.lineStart(offset);
    return { start: at, end: at, text: lines.map((one) => one + this.newline).join("") };
  }

  /** Lines after the line on which `offset` is. */
  insertAfter(offset: number, lines: readonly string[]): Edit {
    const at = this.nextLine(offset);
    const isLast = at === this.text.length && !this.text.endsWith("\n");
    const text = lines.map((one) => one + this.newline).join("");
    // A file whose last line has no newline gets none.
    return {
      start: at,
      end: at,
      text: isLast ? this.newline + text.slice(0, -this.newline.length) : text,
    };
  }

  /** Moves whole lines in by `unit`. Empty lines and the inside of strings stay as they are. */
  indent(span: Span, unit: string): Edit[] {
    const edits: Edit[] = [];
    for (let at = this.lineStart(span.start); at < span.end; at = this.nextLine(at)) {
      const line = this.text.slice(at, this.nextLine(at));
      if (line.trim() === "" || this.isInString(at)) continue;
      edits.push({ start: at, end: at, text: unit });
      if (this.nextLine(at) === this.text.length) break;
    }
    return edits;
  }

  /** A copy of whole lines, at another indentation; `undefined` where it cannot be moved. */
  moved(span: Span, indent: string): string[] | undefined {
    const own = /^[ \t]*/.exec(this.text.slice(this.lineStart(span.start)))?.[0] ?? "";
    const lines: string[] = [];
    for (let at = this.lineStart(span.start); at < span.end; at = this.nextLine(at)) {
      const line = this.text.slice(at, Math.min(this.nextLine(at), span.end)).replace(/\r?\n$/, "");
      if (this.isInString(at)) return undefined;
      if (line.trim() === "") lines.push("");
      else if (line.startsWith(own)) lines.push(indent + line.slice(own.length));
      else return undefined;
    }
    return lines;
  }

  isInString(offset: number): boolean {
    this.#strings ??= stringsOverLines(this.text);
    return this.#strings.some((one) => one.start < offset && offset < one.end);
  }
}
