import type { Expression, Statement } from "../../parse/syntax.ts";
import type { FixContext } from "../fix.ts";
import type { NamedRow } from "./row.ts";
import { dotted, nodesIn } from "./walk.ts";

/** Says that what it returns is new, or changed and not saved. */
export const MAKES =
  /(^|(?<!get_or|update_or)[._])(save|build|make|new|create|init|Form|Serializer|from_\w+|clone|copy)\w*\(/;
/** `Channel(project=project)`. */
const CONSTRUCTS = /(^|[^.\w])[A-Z]\w*\(/;

/**
 * An object that came from a form, a serializer, a constructor or something else that fills objects: it may not be
 * in the database yet, and it may hold what is not.
 */
export function isUnsaved(context: FixContext, { row, name }: NamedRow): boolean {
  const { node, layout, write } = context;
  if (row.origin === "new" || saysNew(layout.slice(node), name)) return true;
  for (const one of nodesIn(node)) {
    if (one.kind !== "assign" || one.start > write.site.start) continue;
    const { target, value } = one as Statement & { target: Expression; value?: Expression };
    if (dotted(target) !== name || !value) continue;
    const text = layout.slice(value);
    if (CONSTRUCTS.test(text) || (!row.fetch && MAKES.test(text))) return true;
  }
  const [root] = name.split(".") as [string];
  const isGiven = root === "self" || node.parameters.some((one) => one.name === root);
  return isGiven && root === name && isMadeByCaller(context);
}

/** `if check._state.adding`, `if not self.pk`: for the function it may be new. */
function saysNew(text: string, name: string): boolean {
  const word = name.replaceAll(".", "\\.");
  return new RegExp(
    `(?<![.\\w])${word}\\.(_state\\.adding|(pk|id)\\s+is\\s+(not\\s+)?None)|\\b(if|not|and|or)\\s+${word}\\.(pk|id)\\s*(:|\\band\\b|\\bor\\b|$)`,
    "m",
  ).test(text);
}

/** `check = Check(project=project)`, and a few lines below `update(check, …)`. */
function isMadeByCaller({ program, fn }: FixContext): boolean {
  const given = fn.owner ? `\\b\\1\\.${fn.name}\\(` : `(?<!def )(?<![.\\w])${fn.name}\\([^)\\n]*\\b\\1\\b`;
  const call = new RegExp(
    `\\b(\\w+) = (?:\\w+\\.)*[A-Z]\\w*\\([^\\n]*\\n(?:[^\\n]*\\n){0,12}?[^\\n]*${given}`,
    "g",
  );
  // Saved in between, it is there.
  const isNew = (text: string) =>
    [...text.matchAll(call)].some(([found, name]) => !found.includes(`${name}.save(`));
  return program.project.modules.some(({ source: { text } }) => text.includes(`${fn.name}(`) && isNew(text));
}
