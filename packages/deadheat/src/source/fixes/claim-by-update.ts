import { columnOf } from "../effects/values.ts";
import type { Statement } from "../parse/syntax.ts";
import {
  type FixContext,
  isOwn,
  isRefusal,
  type Proposal,
  type Refusal,
  refuse,
  type SourceFix,
} from "./fix.ts";
import { type Condition, opposite } from "./syntax/condition.ts";
import { counterIn, expressionF, isReadLater, isUsedLater } from "./syntax/counter.ts";
import type { If } from "./syntax/creation.ts";
import { modelOf, savesMore } from "./syntax/model.ts";
import { type Place, placesOf } from "./syntax/place.ts";
import { managerOf, type NamedRow, namedRow } from "./syntax/row.ts";
import { callAt, isLeaving, nodesIn } from "./syntax/walk.ts";
import type { Edit } from "./text/edit.ts";

/** The database tests and writes in one statement; who changed no row has lost, and is refused as before. */
export const claimByUpdate: SourceFix = {
  id: "claim-by-update",
  title: "a conditional update() whose row count is tested",
  rules: new Set([
    "check-then-act",
    "atomic-without-lock",
    "validation-outside-transaction",
    "lock-wrong-row",
    "python-counter",
    "limit-then-act",
  ]),
  propose(context): Proposal | Refusal {
    const { write, node, layout } = context;
    const row = namedRow(context);
    const save = isOwn(context, write.site) ? callAt(node, write.site) : undefined;
    if (!row || write.kind !== "save" || !save) return refuse("the row is not saved in this function");
    const model = modelOf(context, row.row, write.fields?.keys() ?? []);
    if (!model?.definition || savesMore(context, model))
      return refuse("whether save() does more than to write the row is not known");
    const place = placesOf(node, save, layout.text).at(-1);
    const statement = place?.suite[place.index];
    if (
      !place ||
      statement?.kind !== "expression" ||
      statement.value.end !== save.end ||
      !layout.isAlone(statement)
    )
      return refuse("the save is part of something larger");
    const refusal = refusalIn(context, row);
    if (isRefusal(refusal)) return refusal;
    const { test, condition } = refusal;
    if (actsBetween(context, test, statement))
      return refuse("something is done between the test and the write");
    const values = valuesIn(context, row, place);
    if (isRefusal(values)) return values;
    const manager = managerOf(context, row);
    const lines = layout.moved(
      { start: layout.lineStart((test.whenTrue[0] as Statement).start), end: test.end },
      "",
    );
    if (!manager || !lines || !layout.isAlone(test.whenTrue[0] as Statement))
      return refuse("the answer to who comes second cannot be copied");
    return {
      edits: [...values.edits, ...claimed(context, row, statement, { manager, condition, values, lines })],
    };
  },
};

interface Values {
  /** Arguments of `update`. */
  readonly given: readonly string[];
  readonly edits: readonly Edit[];
  /** Columns that the object does not have as they are afterwards. */
  readonly stale: readonly string[];
}

function claimed(
  context: FixContext,
  { name }: NamedRow,
  statement: Statement,
  parts: {
    readonly manager: string;
    readonly condition: Condition;
    readonly values: Values;
    readonly lines: readonly string[];
  },
): Edit[] {
  const { layout } = context;
  const { manager, condition, values, lines } = parts;
  const indent = layout.indentAt(statement.start);
  const unit = indent.includes("\t") ? "\t" : "    ";
  const excluded = condition.exclude.map((one) => `.exclude(${one})`).join("");
  const wait = context.isAsync ? "await " : "";
  const query = `${manager}.filter(${[`pk=${name}.pk`, ...condition.filter].join(", ")})${excluded}`;
  const again =
    values.stale.length > 0
      ? [
          `${indent}${wait}${name}.${context.isAsync ? "a" : ""}refresh_from_db(fields=[${values.stale.map((one) => `"${one}"`).join(", ")}])`,
        ]
      : [];
  return [
    {
      start: statement.start,
      end: statement.end,
      text: `if not ${wait}${query}.${context.isAsync ? "aupdate" : "update"}(${values.given.join(", ")}):`,
    },
    layout.insertAfter(statement.end, [
      ...lines.map((one) => (one === "" ? "" : indent + unit + one)),
      ...again,
    ]),
  ];
}

/** The one `if` that refuses, and what it asks of the columns that are written. */
function refusalIn(
  context: FixContext,
  row: NamedRow,
): { readonly test: If; readonly condition: Condition } | Refusal {
  const { write, node, program, layout } = context;
  const columns = new Set([...(write.fields?.keys() ?? [])].map(columnOf));
  const tests = write.guards.filter((one) =>
    one.deps.some(
      (atom) =>
        atom.kind === "field" &&
        atom.row.key === row.row.key &&
        (columns.has(atom.name) || atom.name === "*"),
    ),
  );
  const found = new Set<If>();
  for (const guard of tests) {
    const branch = isOwn(context, guard.site)
      ? [...nodesIn(node)].find(
          (one): one is If & typeof one =>
            one.kind === "if" &&
            (one as If).test.start <= guard.site.start &&
            guard.site.end <= (one as If).test.end,
        )
      : undefined;
    if (
      !branch ||
      branch.otherwise.length > 0 ||
      !isLeaving(branch.whenTrue.at(-1)) ||
      branch.end > write.site.start
    )
      return refuse("the test does not end in a refusal that could be given again");
    found.add(branch);
  }
  const [test, ...more] = found;
  if (!test || more.length > 0) return refuse("there is not one test that refuses");
  const model = modelOf(context, row.row, columns);
  const isFlag = (column: string) =>
    /^(Null)?BooleanField$/.test((model && program.models.fields(model).get(column)?.type) ?? "");
  const condition = opposite(context, test.test, row.name, isFlag, columns);
  if (!condition || condition.filter.length + condition.exclude.length === 0)
    return refuse("the test asks for more than a query can");
  // What is tested beside it may be about other columns, which nobody changes here.
  return layout.isAlone(test) ? { test, condition } : refuse("other statements stand on the same lines");
}

/** Who loses would have done it as well. */
function actsBetween(context: FixContext, test: If, statement: Statement): boolean {
  return context.analysis.effects.some((one) => {
    const site = [...one.trail, one.site].find((at) => isOwn(context, at));
    return (
      /^(create|external|save|update|delete|get-or-create|command|mint|spend)$/.test(one.kind) &&
      one !== context.write &&
      site !== undefined &&
      site.start >= test.end &&
      site.end <= statement.start &&
      !/think|sleep|log/.test(one.name)
    );
  });
}

/** What is written, taken from the assignments before the save. */
function valuesIn(context: FixContext, row: NamedRow, { suite, index }: Place): Values | Refusal {
  const { write, layout } = context;
  const save = suite[index] as Statement;
  const given: string[] = [];
  const edits: Edit[] = [];
  const stale: string[] = [];
  for (const assigned of write.fields?.values() ?? []) {
    const statement = suite
      .slice(0, index)
      .find((one) => one.start <= assigned.site.start && assigned.site.end <= one.end);
    const isWritten =
      write.columns === undefined || (Array.isArray(write.columns) && write.columns.includes(assigned.name));
    if (!statement || !isWritten || !layout.isAlone(statement))
      return refuse("what is written is not set just before the save");
    const isNeeded = isUsedLater(context, row, [assigned.name], save);
    if (isReadLater(context, row, [assigned.name], save)) return refuse("the new value is used afterwards");
    const counter = counterIn(context, row, assigned.name, statement);
    if (counter) {
      const f = expressionF(context);
      const value = layout.slice(counter.amount);
      const isBare =
        counter.operator === "+" ||
        ["name", "number", "attribute", "call", "subscript"].includes(counter.amount.kind);
      given.push(
        `${assigned.name}=${f}("${assigned.name}") ${counter.operator} ${isBare ? value : `(${value})`}`,
      );
      edits.push({ ...layout.linesOf(statement), text: "" });
      if (isNeeded) stale.push(assigned.name);
      continue;
    }
    if (statement.kind !== "assign" || !statement.value || statement.target.kind !== "attribute")
      return refuse("what is written is not set just before the save");
    const isOwnValue = assigned.deps.some((one) => one.kind === "field" && one.row.key === row.row.key);
    if (isOwnValue && !assigned.database) return refuse("what is written is computed from the row");
    const value = layout.slice(statement.value);
    const isPlain =
      ["constant", "number", "string", "name"].includes(statement.value.kind) ||
      /^[A-Z]\w*(\.[A-Z]\w*)+$/.test(value);
    if (!isNeeded && !value.includes("\n")) {
      given.push(`${assigned.name}=${value}`);
      edits.push({ ...layout.linesOf(statement), text: "" });
    } else given.push(`${assigned.name}=${isPlain ? value : `${row.name}.${assigned.name}`}`);
  }
  return given.length > 0 ? { given, edits, stale } : refuse("what is written is not set in this function");
}
