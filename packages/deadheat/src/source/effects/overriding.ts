import { COMMON_METHODS } from "../facts/names.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { mergeValues } from "./branches.ts";
import type { Run } from "./run.ts";
import type { Value } from "./values.ts";

/** A step that many classes fill in is a framework's: what all of them do says little about one. */
export const MOST_CLASSES = 3;

/** A class below the one whose method runs, and what it makes of a step that is left to it. */
export interface Override {
  readonly cls: ClassDefinition;
  readonly method: FunctionDefinition;
}

/**
 * `self.perform(row)` in a base class that leaves `perform` to others: the classes below that have it. Empty where the
 * base class does something there itself.
 */
export function overrides(run: Run, cls: ClassDefinition, name: string): readonly Override[] {
  const { project } = run.program;
  const own = project.method(cls, name);
  if (own && !isLeftToOthers(own)) return [];
  const found = project.classesBelow(cls).flatMap((below) => {
    const method = below.methods.get(name);
    return method ? [{ cls: below, method }] : [];
  });
  return found.length <= MOST_CLASSES ? found : [];
}

/**
 * `get_backend().emit(event)`, of an object of which nothing is known: the one base class of the project that leaves `emit`
 * to others, and what all other classes with such a method make of it.
 */
export function implementers({ program: { project } }: Run, name: string): readonly Override[] {
  if (COMMON_METHODS.has(name) || name.startsWith("__")) return [];
  const found = project.methodsNamed(name);
  if (found.length < 2 || found.length > MOST_CLASSES + 1) return [];
  const [base, another] = found.filter(isLeftToOthers);
  if (!base?.owner || another) return [];
  const below = found.flatMap((method) => {
    const cls = method === base ? undefined : method.owner;
    return cls && project.lineage(cls).classes.includes(base.owner!) ? [{ cls, method }] : [];
  });
  return below.length === found.length - 1 ? below : [];
}

/** `pass`, `raise NotImplementedError`: nothing but a place for others. */
export function isLeftToOthers(fn: FunctionDefinition): boolean {
  if (fn.end - fn.start > 600) return false;
  const known = left.get(fn) ?? doesNothing(fn);
  // Who wants to know what was read is told each time.
  fn.text();
  left.set(fn, known);
  return known;
}

const left = new WeakMap<FunctionDefinition, boolean>();

function doesNothing(fn: FunctionDefinition): boolean {
  const body = fn.decode().body.filter((one) => one.kind !== "expression" || one.value.kind === "call");
  return body.every(
    (one) =>
      one.kind === "raise" ||
      one.kind === "pass" ||
      (one.kind === "return" && (one.value === undefined || one.value.kind === "constant")),
  );
}

/** One class is meant throughout: what two of them do excludes each other. */
export function callEach(run: Run, found: readonly Override[], call: (one: Override) => Value): Value {
  const { steps } = run;
  const values = found.map((one) => {
    run.steps = [...steps, { branch: run.whoseSteps, arm: run.armOf(one.cls) }];
    return call(one);
  });
  run.steps = steps;
  return values.length === 1 ? values[0]! : mergeValues(run, values);
}
