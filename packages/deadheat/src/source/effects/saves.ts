import type { Span } from "../parse/syntax.ts";
import { sameModel } from "../project/model.ts";
import type { Given } from "./arguments.ts";
import { isEntry } from "./dictionaries.ts";
import { compatible, type Effect, type Guard } from "./effect.ts";
import type { Run } from "./run.ts";
import { columnsOf, copiedBy, isUnsaved, keepAssigned } from "./saved-columns.ts";
import { sendOnSave } from "./sent-on-save.ts";
import { type Assigned, NONE, type Row, union } from "./values.ts";

/** `super().save()` after a search in the row's own table: the row may be a new one, made because of what was found. */
export function emitPerhapsFirst(run: Run, row: Row, span: Span): void {
  const { model } = row;
  const isSearch = (atom: Guard["deps"][number]) =>
    atom.kind === "query" && atom.effect.kind !== "fetch" && sameModel(atom.effect.model, model);
  if (!model || row.origin !== "self" || !run.guards.some((one) => one.deps.some(isSearch))) return;
  run.emit("create", span, { row, model, deps: NONE, name: "save", lookups: [] });
}

/** What a form has made or changed is saved: made, where nothing like it was found. */
function emitPerhapsMade(run: Run, row: Row, fields: ReadonlyMap<string, Assigned>, span: Span): void {
  const model = row.perhapsMadeIn;
  if (!model || !run.guards.some((one) => one.deps.some((atom) => isSearchFor(atom, model)))) return;
  run.emit("create", span, { row, model, fields, deps: NONE, name: "form.save", lookups: [] });
}

function isSearchFor(atom: Guard["deps"][number], model: NonNullable<Row["model"]>): boolean {
  return atom.kind === "query" && sameModel(atom.effect.model, model);
}

export function emitSave(run: Run, saved: Row, given: Given, span: Span, name = "save"): void {
  const row = copiedBy(run, saved) ?? saved;
  const fields = new Map<string, Assigned>();
  for (const one of row.assigned)
    if (compatible(one.steps, run.steps) && !isEntry(one.name)) keepAssigned(fields, one);
  const isNew = isUnsaved(row);
  const common = {
    row,
    ...(row.model ? { model: row.model } : {}),
    fields,
    deps: union(row.input ?? NONE, ...[...fields.values()].map((one) => one.deps)),
  };
  if (isNew) {
    const more = row.isFilled ? ["*"] : [];
    run.emit("create", span, { ...common, name: "save", lookups: [...fields.keys(), ...more] });
    (row as { saved?: boolean }).saved = true;
    sendOnSave(run, row, span);
    return;
  }
  const columns = columnsOf(given);
  emitPerhapsNew(run, row, common, span);
  if (columns === undefined) emitPerhapsMade(run, row, fields, span);
  run.emit("save", span, { ...common, ...(columns === undefined ? {} : { columns }), name });
  sendOnSave(run, row, span);
}

/** Saved, the row that was made where none was found is inserted. */
export function emitPerhapsNew(
  run: Run,
  row: Row,
  common: Pick<Effect, "deps"> & Partial<Pick<Effect, "row" | "model" | "fields">>,
  span: Span,
): void {
  if (row.perhapsNew?.origin !== "new" || !row.fetch) return;
  const { guards } = run;
  run.guards = [...guards, run.guard("missing", [{ kind: "query", effect: row.fetch }], span)];
  run.emit("create", span, {
    ...common,
    name: "save",
    lookups: row.perhapsNew.assigned.map((one) => one.name),
  });
  run.guards = guards;
}
