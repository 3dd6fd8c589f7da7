import type { Effect } from "./effect.ts";
import { columnOf } from "./values.ts";

/**
 * `def finish(task): names = []; task.done = True; names.append("done"); task.save(update_fields=names)`: a list of columns
 * that is made up in the called function names what that function gives the row, and not what its callers have given it
 * before. (One that it was handed may name anything.)
 */
export function mayName(save: Effect, column: string): boolean {
  const own = ownOf(save);
  if (own === save || isHanded(own)) return true;
  return [...(own.fields?.keys() ?? [])].some((one) => columnOf(one) === columnOf(column) || one === "*");
}

/** The save as the function sees it in which it stands. */
function ownOf(save: Effect): Effect {
  let at = save;
  while (at.origin) at = at.origin;
  return at;
}

/** Handed in, or found out by asking somebody who knows (`tracker.changed()`), and not written down here one by one. */
function isHanded({ site: { fn, start, end } }: Effect): boolean {
  const text = fn.module.source.text.slice(start, end);
  const name = /\bupdate_fields\s*=\s*(?:(?:list|set|tuple)\()?([a-z_]\w*)\)?,?\s*(?=[,)])/.exec(text)?.[1];
  if (name === undefined || fn.signature().parameters.some((one) => one.name === name)) return true;
  const own = fn.text();
  const given = [
    ...own.matchAll(new RegExp(`^\\s*${name}\\b\\s*(?::[^=\\n]*)?[+|]?=(?!=)\\s*`, "gm")),
    ...own.matchAll(new RegExp(`\\b${name}\\.(?:extend|update)\\(\\s*`, "g")),
  ];
  return given.length === 0 || !given.every((one) => WRITTEN_DOWN.test(own.slice(one.index + one[0].length)));
}

/** `["a", "b"]`, `set()`, and nothing added to it. */
const WRITTEN_DOWN = /^(\[[^[\]]*\]|\{[^{}]*\}|\([^()]*\)|(set|list)\(\))\s*(,?\s*\)|#|\n|$)/;
