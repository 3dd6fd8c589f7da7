import type { FunctionDefinition } from "../project/definitions.ts";
import { mayBeStepThatRefuses } from "../project/reach.ts";
import { bindParameter, mergeResults } from "./analyse.ts";
import { bind } from "./bind.ts";
import { decorate } from "./decorators.ts";
import type { Effect, Guard } from "./effect.ts";
import type { Program } from "./program.ts";
import { Run } from "./run.ts";
import { runBlock } from "./statements.ts";
import { NONE, type Value } from "./values.ts";

/** A step that a base class leaves to those below it, and the method that takes it. */
export interface StepLeft {
  readonly step: FunctionDefinition;
  readonly taker: FunctionDefinition;
}

/** Called by Django and DRF themselves: what follows those is known (`runValidators`). */
const FRAMEWORKS_OWN = /^(clean|validate)(_\w+)?$|^(save|create|update|delete|get|post|put|patch|__\w+__)$/;

/**
 * `def clean_instance(cls, info, instance): if instance.is_default: raise …` refuses, and the `perform` that calls it and
 * deletes the row is written once, in a class above. Which method that is; `undefined` where there is none, or several.
 */
export function stepLeftTo(program: Program, step: FunctionDefinition): StepLeft | undefined {
  const { owner, name } = step;
  if (!owner || name.startsWith("__")) return undefined;
  const { project } = program;
  const [, ...above] = project.lineage(owner).classes;
  if (above.length === 0) return undefined;
  if (!mayBeStepThatRefuses(step.text())) return undefined;
  const { external } = project.lineage(owner);
  if (
    FRAMEWORKS_OWN.test(name) &&
    external.some((one) => /(Form|Serializer|Model|View|ViewSet|Field)$/.test(one))
  )
    return undefined;
  const found = new Set<FunctionDefinition>();
  for (const cls of above)
    for (const [, method] of cls.methods) {
      const inherited = project.method(owner, method.name);
      if (!inherited || inherited === step || found.has(inherited)) continue;
      if (takes(method, name) && (inherited === method || goesOn(inherited))) found.add(inherited);
    }
  const [taker, another] = found;
  return taker && !another ? { step, taker } : undefined;
}

function takes(method: FunctionDefinition, name: string): boolean {
  const text = method.text();
  return text.includes(`self.${name}(`) || text.includes(`cls.${name}(`);
}

function goesOn(method: FunctionDefinition): boolean {
  return method.text().includes(`super().${method.name}(`);
}

/** Walks through the method that takes the step as the class of the step has it: the step itself, where it is taken. */
export function runAsTaken(
  program: Program,
  left: StepLeft,
): { readonly effects: readonly Effect[]; readonly guards: readonly Guard[] } {
  const run = new Run(program, left.step);
  run.stepLeft = left;
  walk(run, left.taker, undefined, [], new Map());
  return { effects: run.effects, guards: run.allGuards };
}

/** `super().perform(…)`, where that is what takes the step. */
export function isTakenAbove({ stepLeft }: Run, above: FunctionDefinition): boolean {
  return stepLeft !== undefined && takes(above, stepLeft.step.name);
}

/** A method in place, of an object of the class of the step: the one that takes it, one above, the step itself. */
export function walk(
  run: Run,
  fn: FunctionDefinition,
  self: Value | undefined,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Value {
  const before = { fn: run.fn, env: run.env, steps: run.steps };
  const results = run.results.length;
  const node = fn.decode();
  const given = bind(fn, self, positional, named);
  run.fn = fn;
  const own = new Map<string, Value>();
  for (const [index, parameter] of node.parameters.entries()) {
    const known = given.get(parameter.name);
    own.set(parameter.name, known ?? ofStep(run, bindParameter(run, parameter, index, false)));
  }
  run.env = own;
  decorate(run, node.decorators);
  runBlock(run, node.body);
  const returned = run.results.splice(results);
  Object.assign(run, before);
  return mergeResults(run, returned) ?? run.scalar(NONE);
}

/** `self` and `cls` are of the class that fills the step in. */
function ofStep(run: Run, value: Value): Value {
  const cls = run.stepLeft?.step.owner;
  if (!cls) return value;
  if (value.kind === "class") {
    const { models } = run.program;
    return { ...value, cls, dotted: cls.name, ...(models.isModel(cls) ? { model: models.of(cls) } : {}) };
  }
  if (value.kind === "row" && value.origin === "self") return { ...value, cls };
  return value;
}
