/** One replacement in a text; an insertion where `start` is `end`. Offsets are UTF-16 units. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all edits made; `undefined` where two of them meet. Insertions at one place keep their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string | undefined {
  const sorted = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index)
    .map((one) => one.edit);
  let at = 0;
  let out = "";
  for (const { start, end, text: replacement } of sorted) {
    if (start < at) return undefined;
    out += text.slice(at, start) + replacement;
    at = end;
  }
  return out + text.slice(at);
}
