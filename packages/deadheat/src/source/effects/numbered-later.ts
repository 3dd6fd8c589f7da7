import type { ClassDefinition } from "../project/definitions.ts";
import { type Model, sameModel } from "../project/model.ts";
import type { Effect } from "./effect.ts";
import { serializerModel } from "./framework-methods.ts";
import type { Change } from "./program.ts";
import type { Run } from "./run.ts";
import { type Assigned, NONE, type Row } from "./values.ts";

/** Called by a form, by `full_clean()`, by a library's hooks: whoever called it saves the row afterwards. */
const BEFORE_SAVE = /^(full_)?clean(_fields)?$|^(pre|before)_?(save|create|insert)$/;
/** Of a form: the row that it makes, and what it is made of. */
const HOLDS_ROW = /^(instance|cleaned_data)$/;
const ANSWERS = new Set<Effect["kind"]>(["aggregate", "count", "list", "fetch"]);

/** The save that comes after the function, of a row that it has numbered. */
export const SAVED_LATER = "saved later";

/**
 * `def clean(self): self.number = last + 1`: computed where the row is validated, and inserted by whoever saves it. Who
 * calls the function sees its own save; this one is noted for the function alone.
 */
export function noteNumbered(run: Run, changed: readonly Change[]): void {
  const { fn, program } = run;
  if (!fn.owner || !BEFORE_SAVE.test(fn.name)) return;
  for (const row of changed.flatMap((one) => [one.row, ...one.inner.map((inner) => inner.row)])) {
    const model = modelOf(row, { program }, fn.owner);
    if (!model) continue;
    const fields = new Map<string, Assigned>();
    for (const one of row.assigned) {
      const name = one.name.replace(/[[\]]/g, "");
      // (`self.first_number`: an attribute of the object that no table has.)
      const isColumn = !program.models.complete(model) || program.models.fields(model).has(name);
      if (isColumn && isNumber(one, row, model)) fields.set(name, one);
    }
    if (fields.size === 0) continue;
    run.emit(
      "save",
      { start: fn.start, end: fn.start },
      { row, model, fields, deps: NONE, name: SAVED_LATER },
    );
  }
}

function modelOf(row: Row, run: Pick<Run, "program">, owner: ClassDefinition): Model | undefined {
  if (row.origin === "self") return row.model;
  return HOLDS_ROW.test(row.parent?.name ?? "") ? serializerModel(run, owner) : undefined;
}

/** A sum of what the row's own table holds, and not of the rows that belong to this one. */
function isNumber({ value, deps, database }: Assigned, row: Row, model: Model): boolean {
  if (database || value.kind !== "scalar" || value.shape !== "arithmetic") return false;
  return deps.some((atom) => {
    const read = atom.kind === "query" ? atom.effect : atom.row.fetch;
    if (!read || !ANSWERS.has(read.kind) || !sameModel(read.model, model)) return false;
    return read.query?.owner?.row.key !== row.key;
  });
}
