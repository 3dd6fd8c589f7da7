import type { Guard } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { type Atom, columnOf, type Row, WHOLE } from "../effects/values.ts";
import { CLOCK } from "../facts/names.ts";
import type { Models } from "../project/models.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext, Undecided } from "./rule.ts";

type FieldAtom = Atom & { readonly kind: "field" };

/**
 * `if plan.is_default: raise …; plan.delete()`, and some other function makes a plan the default one: between the two it
 * may have become what must not be deleted.
 */
export function* deletedAfterTest({
  effects,
  program: { models },
  analysis: { fn },
}: RuleContext): Generator<Candidate | Undecided> {
  for (const remove of effects) {
    const { row } = remove;
    if (remove.kind !== "delete" || !row?.fetch || row.origin === "new") continue;
    for (const test of remove.guards) {
      const column = columnTested(test, row);
      if (column === undefined || pointsTo(models, row, column) || isPastItsEnd(test, column)) continue;
      const protection = protectionOf(effects, row, remove, models);
      // (Of a row of which nobody knows the table, a lock on another one may be a lock on it.)
      if (protects(protection) || (!row.model && protection.lock)) continue;
      const told = () =>
        explain(remove, {
          message: `${column} says whether the row may be deleted, and may have changed before it is`,
          protection,
          row,
          test,
          about: `${row.key}.${column}`,
          severity: "low",
          ofRow: true,
        });
      const { model } = row;
      const except = `${fn.module.path}:${fn.qualified}`;
      if (!model) yield told();
      else
        yield {
          at: remove,
          decide: (writers) =>
            writers.others(model.name, except).some((one) => one.columns.has(columnOf(column)))
              ? told()
              : undefined,
        };
      break;
    }
  }
}

/** `if row.owner != request.user: raise`: who may do it is another matter. */
function pointsTo(models: Models, { model }: Row, column: string): boolean {
  if (model) return models.fields(model).get(columnOf(column))?.target !== undefined;
  return /(^|_)(user|owner|author|creator|account|tenant|organi[sz]ation|team|project)$/.test(column);
}

/** `if token.expiry < now(): token.delete()`: what has ended is prolonged by nobody, and deleted by whoever comes. */
function isPastItsEnd({ ordered, site: { fn, start, end } }: Guard, column: string): boolean {
  return ordered && ENDS.test(column) && CLOCK.test(fn.module.source.text.slice(start, end));
}

const ENDS = /^(expir(y|es|ed|ation)|valid_(un)?til|not_after|ends?)(_(at|on|date|time|datetime))?$/;

/** The column that is tested, of this row and nothing else. */
function columnTested({ kind, refuses, leaves, deps }: Guard, { key }: Row): string | undefined {
  if (kind !== "test" || !(refuses || leaves) || deps.length === 0) return undefined;
  const own = deps.filter((one): one is FieldAtom => one.kind === "field" && one.row.key === key);
  const names = new Set(own.map((one) => one.name));
  const [name] = names;
  if (own.length < deps.length || names.size > 1 || !name || name === WHOLE || name === "*") return undefined;
  return /^(pk|id)$|_(id|by)$/.test(name) ? undefined : name;
}
