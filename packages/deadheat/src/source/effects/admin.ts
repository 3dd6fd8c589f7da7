import type { Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import type { Project } from "../project/project.ts";
import type { Given } from "./arguments.ts";
import type { Run } from "./run.ts";
import { emitSave } from "./saves.ts";
import { NONE, type Value } from "./values.ts";

/** Hooks of `ModelAdmin` that run in its transaction. (Of its actions none does.) */
const CHANGES =
  /^(save_(model|related|formset)|delete_model|response_(add|change|delete)|log_(addition|change|deletion)s?)$/;
const IS_ADMIN = /(^|\.)\w*Admin$/;

/** Django's admin puts each change that is made with it, and what is said of it, into one transaction. */
export function isChangeOfAdmin(project: Project, fn: FunctionDefinition): boolean {
  return (
    fn.owner !== undefined &&
    CHANGES.test(fn.name) &&
    project.lineage(fn.owner).external.some((one) => IS_ADMIN.test(one))
  );
}

const NOTHING_GIVEN: Given = { expressions: [], values: [], positional: [], named: new Map() };

/** `super().save_model(request, obj, form, change)`: the row is saved, or deleted, or what the formsets hold is saved. */
export function superOfAdmin(run: Run, name: string, given: Given, span: Span): Value | undefined {
  if (!isChangeOfAdmin(run.program.project, run.fn)) return undefined;
  const row = given.named.get("obj") ?? given.positional[1];
  if (name === "save_related" || name === "save_formset")
    run.emit("create", span, { name: "relation.formset", lookups: [], deps: NONE });
  else if (name === "save_model" && row?.kind === "row")
    emitSave(run, row, NOTHING_GIVEN, span, "admin.save");
  else if (name === "delete_model" && row?.kind === "row")
    run.emit("delete", span, { row, ...(row.model ? { model: row.model } : {}), name });
  else return undefined;
  return run.unknown();
}
