import type { Expression, Span } from "../parse/syntax.ts";
import type { Given } from "./arguments.ts";
import { identityDeps } from "./dependencies.ts";
import type { Run } from "./run.ts";
import { type Assigned, type Row, union, type Value } from "./values.ts";

/** Made by this run, and not in the database yet. */
export function isUnsaved(row: Row): boolean {
  return row.origin === "new" && !row.fetch && !(row as { saved?: boolean }).saved;
}

/** `row.pk = None; row.save()`, or another row's key: the object stands for another row from there on, a copy. */
export function copiedBy(run: Run, row: Row): Row | undefined {
  const isHere = ({ steps }: Assigned) =>
    steps.every((step) => run.steps.some((own) => own.branch === step.branch && own.arm === step.arm));
  if (row.origin === "new" || !row.assigned.some((one) => /^(pk|id)$/.test(one.name) && isHere(one)))
    return undefined;
  // What is given to the object is given to the copy.
  row.copy ??= {
    ...run.row("new", `#copy${run.program.fresh()}`, { model: row.model, cls: row.cls }),
    assigned: row.assigned,
    isCopy: true,
  };
  return row.copy;
}

/** `data = row.data; data["k"] = v; row.data = data` is a change in place. */
export function keepAssigned(fields: Map<string, Assigned>, one: Assigned): void {
  const before = fields.get(one.name);
  const isItself = one.value.kind === "row" && one.value.parent?.name === one.name;
  if (!(before?.inPlace && isItself)) fields.set(one.name, one);
}

export function columnsOf(given: Given): readonly string[] | "unknown" | undefined {
  const expression = given.expressions.find((one) => one.name === "update_fields")?.value;
  return expression && (columnsIn(expression) ?? "unknown");
}

/** `["a", "b"]`. */
export function columnsIn(expression: Expression | undefined): readonly string[] | undefined {
  if (expression?.kind !== "sequence" || !expression.items.every((one) => one.kind === "string"))
    return undefined;
  return expression.items.map((one) => (one as { value: string }).value);
}

export function assignedFrom(run: Run, given: ReadonlyMap<string, Value>, span: Span): Map<string, Assigned> {
  const fields = new Map<string, Assigned>();
  for (const [name, value] of given)
    fields.set(name, {
      name,
      value,
      deps: union(value.deps, identityDeps(value)),
      database: value.kind === "scalar" && value.database === true,
      constant: value.kind === "scalar" && value.literal !== undefined,
      inPlace: false,
      site: run.site(span),
      steps: run.steps,
      seq: run.seq,
    });
  return fields;
}
