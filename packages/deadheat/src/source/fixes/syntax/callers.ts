import type { FixContext } from "../fix.ts";

/**
 * Does a caller set something on the object before it calls this function? Reading the whole row again would take
 * that away from it.
 */
export function keepUnsaved({ program, fn }: FixContext): boolean {
  const call = new RegExp(
    `\\b(\\w+)\\.\\w+ [-+*|]?= [^\\n]*\\n(?:[^\\n]*\\n){0,6}?[^\\n]*(\\b\\1\\.${fn.name}\\(|(?<!def )\\b${fn.name}\\([^)\\n]*\\b\\1\\b)`,
  );
  return program.project.modules.some(
    ({ source: { text } }) => text.includes(`${fn.name}(`) && call.test(text),
  );
}
