import { stringAt } from "./strings.ts";

/** All comments of a text, in order. */
export function commentsOf(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === "#") {
      const end = text.indexOf("\n", at);
      found.push(text.slice(at, end < 0 ? undefined : end).trimEnd());
      at = end < 0 ? text.length : end;
    } else at = stringAt(text, at) ?? at + 1;
  }
  return found;
}

/** A comment of `before` that `after` does not have. */
export function lostComment(before: string, after: string): string | undefined {
  const left = new Map<string, number>();
  for (const one of commentsOf(after)) left.set(one, (left.get(one) ?? 0) + 1);
  return commentsOf(before).find((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count === 0;
  });
}
