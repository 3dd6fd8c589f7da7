import type { ClassDefinition } from "../../project/definitions.ts";
import type { Edit } from "./edit.ts";
import type { Layout } from "./layout.ts";

/** A method, put at the end of a class's body; `undefined` where the body's lines cannot be told. */
export function overrideIn(layout: Layout, cls: ClassDefinition, method: string): Edit | undefined {
  const { text, newline } = layout;
  const head = new RegExp(`^([ \\t]*)class[ \\t]+${cls.name}\\b`, "m");
  const found = head.exec(text.slice(layout.lineStart(cls.start)));
  if (!found) return undefined;
  const own = found[1] as string;
  const colon = headerEnd(text, layout.lineStart(cls.start) + found.index + found[0].length);
  if (colon === undefined || !/^[ \t]*(#[^\n]*)?\r?$/.test(restOfLine(text, colon + 1))) return undefined;
  let last: number | undefined;
  let lines = 0;
  for (let at = layout.nextLine(colon); at < text.length; at = layout.nextLine(at)) {
    const line = text.slice(at, layout.nextLine(at));
    if (line.trim() !== "") {
      const isInside = layout.isInString(at) || line.length - line.trimStart().length > own.length;
      if (!isInside) break;
      last = at;
      lines++;
    }
    if (layout.nextLine(at) === text.length) break;
  }
  if (last === undefined) return undefined;
  const isEmpty = lines === 1 && /^\s*pass\s*$/.test(text.slice(last, layout.nextLine(last)));
  const end = layout.nextLine(last);
  const before = text.endsWith("\n") || end < text.length ? "" : newline;
  return isEmpty
    ? { start: last, end, text: `${method}${newline}` }
    : { start: end, end, text: `${before}${newline}${method}${newline}` };
}

function restOfLine(text: string, from: number): string {
  const end = text.indexOf("\n", from);
  return text.slice(from, end < 0 ? text.length : end);
}

/** The colon that ends the header, whatever brackets stand before it. */
function headerEnd(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const one = text[at] as string;
    if ("([{".includes(one)) depth++;
    else if (")]}".includes(one)) depth--;
    else if (one === ":" && depth === 0) return at;
    else if (one === "#") at = text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at);
  }
  return undefined;
}
