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

/** What would reach the eye as something else than it is; line breaks and tabs may stay in a page. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The same for a value that becomes text nodes: with its line breaks, and as long as it is. */
export function inertValue(value: unknown): unknown {
  if (typeof value === "string") return value.replace(UNSEEN, "�");
  if (Array.isArray(value)) return value.map(inertValue);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [inertValue(name), inertValue(inner)]),
  );
}

/** JSON whose text nothing reads as an order: what a terminal or an eye would take for one is written as `\u202e`. */
export function inertJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
