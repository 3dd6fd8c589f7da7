import type { Effect } from "../effects/effect.ts";
import type { Site } from "../effects/values.ts";

/**
 * `if not section: label = "all"`, and whichever it was, `count_view(section=section)`: whoever calls takes it for
 * something that may be empty, and gives it all the same. `column` is what the effect is looked for by.
 */
export function isTakenForEmpty(effect: Effect, column: string): boolean {
  let name = column;
  for (const call of [effect.site, ...[...effect.trail].reverse()]) {
    const given = argumentNamed(call, name);
    if (given === undefined) return false;
    if (isTested(call, given)) return !isLookedAfter(call, given);
    // A parameter: who has called knows more.
    if (!call.fn.signature().parameters.some((one) => one.name === given)) return false;
    name = given;
  }
  return false;
}

/** The name that a call gives as `name`. */
function argumentNamed({ fn, start, end }: Site, name: string): string | undefined {
  return new RegExp(`\\b${name}\\s*=\\s*(\\w+)\\s*[,)]`).exec(fn.module.source.text.slice(start, end))?.[1];
}

/** Something else depends on whether there is one. */
function isTested(call: Site, name: string): boolean {
  const missing = new RegExp(
    `^([ \\t]*)if (?:not ${name}|${name} is None):\\n\\1[ \\t]+(?!${name}\\b)\\w+ = [^\\n]*\\n(?!\\1[ \\t])`,
    "m",
  );
  const text = before(call);
  return missing.test(text) || new RegExp(`\\bif ${name}( is not None)? else\\b`).test(text);
}

/** It does not come so far where there is none, or gets another value. */
function isLookedAfter(call: Site, name: string): boolean {
  const leaves = new RegExp(
    `\\bif (?:not ${name}|${name} is None)\\b[^\\n]*:\\n\\s+(return|raise|continue|break|${name} =)|\\b${name} = ${name} or\\b|\\bassert ${name}\\b`,
  );
  const mentions = new RegExp(`^\\s*(?:if|elif|while)\\b.*\\b${name}\\b`);
  return leaves.test(before(call)) || headersAround(call).some((one) => mentions.test(one));
}

/** The lines under which it stands: `if section:`, and of an `else` what it is the other arm of. */
function headersAround(call: Site): string[] {
  const lines = before(call).split("\n").reverse();
  const found: string[] = [];
  let inner = indentOf(lines[0] ?? "");
  let isOther = false;
  for (const line of lines.slice(1)) {
    const own = indentOf(line);
    if (line.trim() === "" || own > inner || (own === inner && !(isOther && /^\s*(if|elif)\b/.test(line))))
      continue;
    found.push(line);
    inner = own;
    isOther = /^\s*(else|elif)\b/.test(line);
  }
  return found;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function before({ fn, start }: Site): string {
  return fn.module.source.text.slice(fn.start, start);
}
