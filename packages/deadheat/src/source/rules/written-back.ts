import type { Effect } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { columnOf, type Row } from "../effects/values.ts";
import { explain } from "./explain.ts";
import type { RuleContext, Undecided, Writers } from "./rule.ts";

/**
 * `for row in rows: if …: row.state = NEW`, then `bulk_update(rows, ["state"])`: rows that were not given another value have
 * theirs written back as it was read, whatever others have made of it meanwhile.
 */
export function* writtenBack(context: RuleContext): Generator<Undecided> {
  const { effects, program, analysis } = context;
  const { fn } = analysis;
  for (const write of effects) {
    const { row, columns, model } = write;
    if (write.name !== "bulk_update" || write.trail.length > 0 || !row || !model) continue;
    if (!Array.isArray(columns) || row.fetch?.kind !== "list" || !isOfAll(write)) continue;
    const column = columns.find((one) => isGivenToSome(context, row, one));
    if (column === undefined || protects(protectionOf(effects, row, write, program.models))) continue;
    const decide = (writers: Writers) => {
      const others = writers.others(model.name, `${fn.module.path}:${fn.qualified}`);
      const other = others.find((one) => one.columns.has(columnOf(column)));
      return (
        other &&
        explain(write, {
          message: `${column} of rows that are not changed here is written back as it was read, and ${other.fn.split(":").at(-1)} changes it`,
          because: "bulk_update() writes the named columns of all rows that it is given",
          protection: { coverage: write.txns.length > 0 ? "atomic" : "none" },
          row,
          severity: "low",
          about: `${row.key}.${column}`,
        })
      );
    };
    yield { at: write, decide };
  }
}

/** Given a value in an arm of a test only. */
function isGivenToSome({ guards }: RuleContext, { assigned }: Row, column: string): boolean {
  const given = assigned.filter((one) => columnOf(one.name) === columnOf(column));
  const isOfTest = (branch: number) => guards.some((one) => one.branch === branch);
  return given.length === 1 && given.every((one) => one.steps.some((step) => isOfTest(step.branch)));
}

/** The very list that is looped over, and not one of those that were changed. */
function isOfAll({ site: { fn, start, end } }: Effect): boolean {
  const name = /bulk_update\(\s*(?:list\()?(\w+)\)?\s*,/.exec(fn.module.source.text.slice(start, end))?.[1];
  return name !== undefined && new RegExp(`\\bfor\\s+\\w+\\s+in\\s+${name}\\s*:`).test(fn.text());
}
