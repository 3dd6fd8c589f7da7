import type { Span } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { formKind, isOfModel, listedBy, listedValidators } from "../project/form-kinds.ts";
import { attributeOf } from "./attributes.ts";
import { callDefinition } from "./call-definition.ts";
import { serializerModel } from "./framework-methods.ts";
import { asking, COUNTS_OR_FINDS } from "./prologue.ts";
import type { Run } from "./run.ts";
import { emitSave } from "./saves.ts";
import { askUniqueValidators } from "./unique-validators.ts";
import { NONE, type Row, type Value } from "./values.ts";

const WRITES = /^(create|update|save)$/;
export const VALIDATES = /^(validate|clean)(_\w+)?$/;

/**
 * DRF and Django validate before they save: `create(validated_data)` runs after `validate(attrs)`, after each
 * `validate_x` and after the validators that fields list, `save()` of a form after `clean()`. What those refuse holds
 * for what is written.
 */
export function runValidators(run: Run, parameters: ReadonlyMap<string, Value>): void {
  const { fn } = run;
  if (!fn.owner || !WRITES.test(fn.name) || !formKind(run.program.project, fn.owner)) return;
  const [self, ...rest] = parameters.values();
  // `update(instance, validated_data)`.
  const given = fn.name === "update" ? rest[1] : rest[0];
  // The row that `update(instance, …)` is given is the one that validators know as `self.instance`.
  const isGiven = !fn.signature().parameters[1]?.spread;
  if (fn.name === "update" && self?.kind === "row" && rest[0] && isGiven)
    run.setAttribute(self, "instance", rest[0]);
  const start = { start: fn.start, end: fn.start };
  const validateAll = () => {
    for (const method of validatorsOf(run, fn.owner!))
      validate(run, method, self, given && fn.name !== "save" ? [given] : [], start);
  };
  // The row that is made after validation (`runImplicitCreate`) is not made where one is changed.
  if (fn.name === "update") asking(run, validateAll);
  else validateAll();
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
  if (isOfModel(project, cls)) return;
  askUniqueValidators(run, cls, span);
  for (const method of validatorsOf(run, cls))
    if (COUNTS_OR_FINDS.test(method.text())) validate(run, method, form, [], span);
}

function validate(
  run: Run,
  method: FunctionDefinition,
  self: Value | undefined,
  given: readonly Value[],
  span: Span,
): void {
  const isOwn = VALIDATES.test(method.name) && method.owner !== undefined;
  if (isOwn)
    keepValidated(run, method, self, given, callDefinition(run, method, self, given, span, {}), span);
  else {
    const { owner } = method;
    const validator = owner && run.row("new", `#validator${run.program.fresh()}`, { cls: owner });
    callDefinition(run, method, validator, given.length > 0 ? given : [run.unknown()], span, {});
  }
}

/** `validate_code` gives the coupon that it has found: it is what `validated_data["code"]` is from then on. */
function keepValidated(
  run: Run,
  { name }: FunctionDefinition,
  self: Value | undefined,
  [given]: readonly Value[],
  result: Value,
  span: Span,
): void {
  const [, hook, field] = /^(validate|clean)_(\w+)$/.exec(name) ?? [];
  if (!field || result.kind !== "row" || !result.fetch || self?.kind !== "row") return;
  const held = hook === "clean" ? "cleaned_data" : "validated_data";
  for (const data of [given, attributeOf(run, self, held, span)])
    if (data?.kind === "row" && !data.model) run.assign(data, `[${field}]`, result, span);
}

function validatorsOf({ program: { project } }: Run, owner: ClassDefinition): FunctionDefinition[] {
  const found = new Map<string, FunctionDefinition>();
  for (const cls of project.lineage(owner).classes)
    for (const [name, method] of cls.methods)
      if (VALIDATES.test(name) && !found.has(name)) found.set(name, method);
  const listed = project.lineage(owner).classes.flatMap((cls) => listedValidators(project, cls));
  return [...found.values(), ...listed.filter((one) => COUNTS_OR_FINDS.test(one.text()))];
}

/** A form makes a row or changes one, never both. (Branches of a run have numbers of their own, from 1 on.) */
const MADE_OR_CHANGED = 0;

/**
 * `validate_state(value)` refuses by what `self.instance.state` is, and nothing else is written: the framework sets the
 * column to what was validated.
 */
export function runImplicitUpdate(run: Run, parameters: ReadonlyMap<string, Value>): void {
  const { fn, program } = run;
  const column = /^validate_(\w+)$/.exec(fn.name)?.[1];
  const [self, given] = parameters.values();
  if (!column || !fn.owner || !given || self?.kind !== "row" || run.refusals.length === 0) return;
  const { project } = program;
  if (!isOfModel(project, fn.owner)) return;
  if (["update", "save"].some((name) => project.method(fn.owner!, name))) return;
  const instance = run.attribute(self, "instance");
  if (instance?.kind !== "row") return;
  const isTested = run.refusals.some(({ deps }) =>
    deps.some((one) => one.kind === "field" && one.row.key === instance.key && one.name === column),
  );
  if (!isTested) return;
  const span = { start: fn.start, end: fn.start };
  afterValidation(run, 1, () => {
    run.assign(instance, column, given, span);
    emitSave(run, instance, { expressions: [], values: [], positional: [], named: new Map() }, span);
  });
}

/** `if taken: raise … else: return value` leaves either way: what the framework does then, it does unless refused. */
function afterValidation(run: Run, arm: number, act: () => void): void {
  const { steps, guards } = run;
  run.steps = [...steps, { branch: MADE_OR_CHANGED, arm }];
  run.guards = [...new Set([...guards, ...run.refusals])];
  act();
  run.steps = steps;
  run.guards = guards;
}

/** Nothing but `validate` is written, and the framework makes the row: it is made after it. */
export function runImplicitCreate(run: Run): void {
  const { fn } = run;
  if (run.refusals.length === 0) return;
  const isOwn = fn.owner !== undefined && VALIDATES.test(fn.name);
  const forms = isOwn
    ? [fn.owner!]
    : COUNTS_OR_FINDS.test(fn.text())
      ? listedBy(run.program.project, fn)
      : [];
  const made = forms.map((one) => madeBy(run, one)).find((one) => one !== undefined);
  if (!made) return;
  const span = { start: fn.start, end: fn.start };
  afterValidation(run, 0, () => {
    run.emit("create", span, { model: made, lookups: [], name: "form.save", deps: NONE });
  });
}

/** The table in which the framework makes a row of what a form or serializer has validated. */
function madeBy(run: Run, cls: ClassDefinition): Row["model"] {
  const { project } = run.program;
  if (!formKind(project, cls) || !isOfModel(project, cls)) return undefined;
  if (project.method(cls, "create") || project.method(cls, "save")) return undefined;
  return serializerModel(run, cls);
}
