import type { Span } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { serializerModel } from "./framework-methods.ts";
import { callDefinition } from "./instantiate.ts";
import type { Run } from "./run.ts";
import { NONE, type Row, type Value } from "./values.ts";

const WRITES = /^(create|update|save)$/;
const VALIDATES = /^(validate|clean)(_\w+)?$/;
const MAKES_ROWS = /(^|\.)(\w*ModelSerializer|ModelForm)$/;
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
  for (const method of validatorsOf(run, fn.owner))
    callDefinition(run, method, self, given && fn.name !== "save" ? [given] : [], start, {});
}

/**
 * `is_valid()` of a form or serializer that writes nothing itself: what its validators refuse holds for what follows.
 * (Of one that writes, the function that writes is the place; of a `ModelForm`, the validator.)
 */
export function validateForm(run: Run, form: Row, span: Span): void {
  const { cls } = form;
  if (!cls) return;
  const { project } = run.program;
  if (["create", "update", "save"].some((name) => project.method(cls, name))) return;
  if (project.lineage(cls).external.some((one) => MAKES_ROWS.test(one))) return;
  for (const method of validatorsOf(run, cls))
    if (/\.objects\b|\.filter\(|_set\b|\.a?(count|exists)\(/.test(method.text()))
      callDefinition(run, method, form, [], span, {});
}

function validatorsOf({ program: { project } }: Run, owner: ClassDefinition): FunctionDefinition[] {
  const found = new Map<string, FunctionDefinition>();
  for (const cls of project.lineage(owner).classes)
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
  if (!external.some((one) => MAKES_ROWS.test(one))) return;
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
