import { stringEnd } from "../parse/outline.ts";
import type { Module } from "../project/definitions.ts";
import { sha256 } from "../stamp.ts";

/** Bytes of a digest of a function's text. */
export const DIGEST = 12;

/** Digests of the texts of a module's functions, one after the other. */
export function digestsOf({ all }: Module): Buffer {
  const digests = Buffer.alloc(DIGEST * all.length);
  for (const [index, fn] of all.entries()) digests.write(sha256(fn.text()), index * DIGEST, DIGEST, "hex");
  return digests;
}

/**
 * A digest of all of a file that others may go by without looking into a function: its names, what stands at its top
 * level and in its classes, decorators and parameters. Comments between functions count for nothing.
 */
export function outsideOf({ source: { text }, all }: Module): string {
  // Settings are looked for in all of a text, and so is what is connected to signals.
  if (/ATOMIC_REQUESTS|before_request|\.connect\(/.test(text)) return sha256(text);
  const hasManagers = text.includes("contextmanager");
  const parts: string[] = [];
  let from = 0;
  for (const fn of all) {
    // Parsed whole, since something in it was not understood.
    if (fn.headEnd === undefined || fn.start < from) return sha256(text);
    const manages = hasManagers && fn.head().includes("contextmanager");
    parts.push(withoutComments(text, from, fn.start), text.slice(fn.start, fn.headEnd), `${manages}`);
    from = fn.end;
  }
  parts.push(withoutComments(text, from, text.length));
  return sha256(JSON.stringify(parts));
}

const NEWLINE = 10;

/** Lines that have something on them, without comments; in brackets, all of it: rules look at expressions' texts. */
function withoutComments(text: string, from: number, to: number): string {
  const lines: string[] = [];
  let line = "";
  let start = from;
  let at = from;
  let depth = 0;
  const take = (end: number) => {
    line += text.slice(start, end);
  };
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code === 34 || code === 39) {
      const end = stringEnd(text, at, code);
      if (end < 0 || end >= to) return text.slice(from, to);
      at = end + 1;
    } else if (code === 35) {
      const end = text.indexOf("\n", at);
      const next = end < 0 ? to : Math.min(end, to);
      if (depth === 0) {
        take(at);
        start = next;
      }
      at = next;
    } else if (code === NEWLINE && depth === 0) {
      take(at);
      if (line.trim() !== "") lines.push(line.trimEnd());
      line = "";
      start = ++at;
    } else {
      if (code === 40 || code === 91 || code === 123) depth++;
      else if (code === 41 || code === 93 || code === 125) depth--;
      at++;
    }
  }
  take(to);
  if (line.trim() !== "") lines.push(line.trimEnd());
  return lines.join("\n");
}
