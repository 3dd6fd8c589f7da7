import type { Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { callForSome } from "./call-definition.ts";
import type { Effect } from "./effect.ts";
import { isLeftToOthers, MOST_CLASSES, type Override } from "./overriding.ts";
import type { Run } from "./run.ts";
import type { Value } from "./values.ts";

/** `run_on_plugins(name)` hands the name on to `run_on_plugin(name)`, and that one calls. */
const DEEPEST = 3;

/**
 * `self.run_on_plugins("order_paid", order)`, where that does `getattr(plugin, name)(order)` for each plugin: the methods
 * `order_paid` of the classes that have one base in common. Called here, and not where the name is only a parameter.
 */
export function runDispatched(
  run: Run,
  fn: FunctionDefinition,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
  span: Span,
): void {
  if (run.inlining) return;
  const { text } = run.fn.module.source;
  // (Cheap, and most calls have no text in them.)
  if (!/[(,]\s*(\w+\s*=\s*)?["'][a-z_]+["']\s*[,)]/.test(text.slice(span.start, span.end))) return;
  const plain = fn
    .signature()
    .parameters.filter((one, at) => !one.spread && !(at === 0 && /^(self|cls)$/.test(one.name)));
  for (const [at, { name: parameter }] of plain.entries()) {
    const value = named.get(parameter) ?? positional[at];
    if (value?.kind !== "scalar" || typeof value.literal !== "string") continue;
    if (!callsByName(run, fn, parameter, 0)) continue;
    const found = methodsOfOneFamily(run, value.literal);
    if (found.length === 0) return;
    const { steps } = run;
    for (const { method, cls } of found) {
      run.steps = [...steps, { branch: run.whoseSteps, arm: run.armOf(cls) }];
      callForSome(run, method, undefined, NO_NAMES, span, leaves);
    }
    run.steps = steps;
    return;
  }
}

/** (What plugins write into rows is theirs: each may be there, or not.) */
const leaves = ({ kind }: Effect) => kind === "external";

const NO_NAMES: ReadonlyMap<string, Value> = new Map();

/** Does `fn` call what `getattr(something, parameter)` gives, by itself or by a method of its own class? */
function callsByName(run: Run, fn: FunctionDefinition, parameter: string, depth: number): boolean {
  run.program.noteRead(fn);
  const text = fn.text();
  const taken = new RegExp(
    `(?:(\\w+)\\s*=\\s*)?\\bgetattr\\(\\s*[\\w.]+,\\s*${parameter}\\s*(?:,\\s*\\w+\\s*)?\\)(\\()?`,
  );
  const [, kept, isCalled] = taken.exec(text) ?? [];
  if (isCalled || (kept && new RegExp(`\\b${kept}\\(`).test(text))) return true;
  if (depth === DEEPEST || !fn.owner) return false;
  for (const [, name = "", given = ""] of text.matchAll(HANDS_ON)) {
    const method = run.program.project.method(fn.owner, name);
    const at = given.split(",").findIndex((one) => one.trim() === parameter);
    const next = method && at >= 0 ? parametersOf(method)[at] : undefined;
    if (method && next && method !== fn && callsByName(run, method, next, depth + 1)) return true;
  }
  return false;
}

const HANDS_ON = /\b(?:self|cls)\.(\w+)\(([^()]*)/g;

function parametersOf(method: FunctionDefinition): readonly string[] {
  const { parameters, decorators } = method.signature();
  const isStatic = decorators.some((one) => textOf(one) === "staticmethod");
  return parameters.slice(isStatic ? 0 : 1).map((one) => one.name);
}

/** The methods of a name that do something, of classes below one; none where anything else is called so as well. */
function methodsOfOneFamily({ program: { project }, fn }: Run, name: string): readonly Override[] {
  const found = project.methodsNamed(name).flatMap((method) => {
    const { owner } = method;
    const bases = owner ? project.lineage(owner).classes.filter((one) => one !== owner) : [];
    // (What hands the name on is most often called so as well.)
    return owner && owner !== fn.owner && bases.length > 0 && !isLeftToOthers(method)
      ? [{ cls: owner, method, bases }]
      : [];
  });
  if (found.length === 0 || found.length > MOST_CLASSES) return [];
  const [first] = found;
  const isOneFamily = first!.bases.some((base) => found.every((one) => one.bases.includes(base)));
  return isOneFamily ? found : [];
}
