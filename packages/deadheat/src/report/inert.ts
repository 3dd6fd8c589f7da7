// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const LONGEST = 400;

/** A log of CI would take a line that begins so for an order: `::stop-commands::x`, `##[error]`. */
const ORDER = /^(\s*)(?=::|##)/;

/** Text of an API or a document, made harmless for a terminal: no escapes, no direction overrides, not endless. */
export function inert(text: string): string {
  const clean = text.replace(CONTROL, "�").replace(ORDER, "$1·");
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}
