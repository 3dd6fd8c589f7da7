/** As many as are remembered: a new one takes the place of an old one that has the same number. */
const SLOTS = 1 << 14;
/** What is longer is rarely met again. */
const LONGEST = 80;
/** From here on V8 keeps a part of a text as a view, and all of that text with it. */
const VIEW = 13;

const PRIME = 0x01000193;

const known: string[] = new Array(SLOTS).fill("");

/** A text that many have. */
export function sharedWhole(text: string): string {
  return sharedText(text, 0, text.length);
}

/**
 * A part of a text. The names of a project stand in it a thousand times over: those that were met lately are the same
 * string each time, which is found without making another one first.
 */
export function sharedText(text: string, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST) return text.slice(start, end);
  // A few of its characters: to look at all of them would take longer than to make the string.
  let hash = Math.imul(length ^ text.charCodeAt(start), PRIME);
  hash = Math.imul(hash ^ text.charCodeAt((start + end) >> 1), PRIME);
  hash = Math.imul(hash ^ text.charCodeAt(end - 2), PRIME);
  hash = Math.imul(hash ^ text.charCodeAt(end - 1), PRIME);
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const found = known[slot] as string;
  if (found.length === length && text.startsWith(found, start)) return found;
  const made = text.slice(start, end);
  if (!/^[\x20-\x7e]*$/.test(made)) return made;
  // Outlives the text: not as a view of it.
  known[slot] = length < VIEW ? made : Buffer.from(made, "latin1").toString("latin1");
  return known[slot] as string;
}
