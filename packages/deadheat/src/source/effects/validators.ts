import type { FunctionDefinition } from "../project/definitions.ts";
import { serializerModel } from "./framework-methods.ts";
import { callDefinition } from "./instantiate.ts";
import type { Run } from "./run.ts";
import { NONE, type Value } from "./values.ts";

const WRITES = /^(create|update|save)$/;
const VALIDATES = /^(validate|clean)(_\w+)?$/;
const KIND = /(^|\.)\w*(Serializer|Form|FormSet)$/;

/**
 * DRF and Django validate before they save: `create(validated_data)` runs after `validate(attrs)` and after each
 * `validate_x`, `save()` of a form after `clean()`. What those refuse holds for what is written.
 */
export function runValidators(run: Run, parameters: ReadonlyMap<string, Value>): void {
  const { fn } = run;
  if (!fn.owner || !WRITES.test(fn.name) || !isForm(run, fn)) return;
  const [self, given] = parameters.values();
  const start = { start: fn.start, end: fn.start };
  for (const method of validatorsOf(run, fn))
    callDefinition(run, method, self, given && fn.name !== "save" ? [given] : [], start, {});
}

function validatorsOf({ program: { project } }: Run, fn: FunctionDefinition): FunctionDefinition[] {
  const found = new Map<string, FunctionDefinition>();
  for (const cls of project.lineage(fn.owner!).classes)
    for (const [name, method] of cls.methods)
      if (VALIDATES.test(name) && !found.has(name)) found.set(name, method);
  return [...found.values()];
}

/** Nothing but `validate` is written, and the framework makes the row: it is made after it. */
export function runImplicitCreate(run: Run): void {
  const { fn, program } = run;
  const { project } = program;
  if (!fn.owner || !VALIDATES.test(fn.name) || run.refusals.length === 0) return;
  const { external } = project.lineage(fn.owner);
  if (!external.some((one) => /(^|\.)(\w*ModelSerializer|ModelForm)$/.test(one))) return;
  if (project.method(fn.owner, "create") || project.method(fn.owner, "save")) return;
  const model = serializerModel(run, fn.owner);
  if (model)
    run.emit(
      "create",
      { start: fn.start, end: fn.start },
      { model, lookups: [], name: "form.save", deps: NONE },
    );
}

function isForm({ program: { project } }: Run, fn: FunctionDefinition): boolean {
  const { classes, external } = project.lineage(fn.owner!);
  return external.some((one) => KIND.test(one)) || classes.some((one) => KIND.test(one.name));
}
