import type { Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { runAfterCommit } from "./after-commit.ts";
import { bind } from "./bind.ts";
import { identityDeps } from "./dependencies.ts";
import { runDispatched } from "./dispatched.ts";
import type { Effect } from "./effect.ts";
import type { How } from "./expressions.ts";
import { serializerModel } from "./framework-methods.ts";
import { columnsGiven } from "./given-columns.ts";
import { Instantiation } from "./instantiate.ts";
import type { Run } from "./run.ts";
import { union, type Value } from "./values.ts";

const NO_NAMES: ReadonlyMap<string, Value> = new Map();

/** `self.request(requests.post, url)`: handed to a function of the project, to be called there. */
const SENDS_WHEN_CALLED = /^(requests|httpx)\.(post|put|patch|delete)$/;

interface CallHow extends How {
  readonly named?: ReadonlyMap<string, Value>;
}

/** Calls a function of the project: its effects happen here, on what it was given. */
export function callDefinition(
  run: Run,
  fn: FunctionDefinition,
  self: Value | undefined,
  positional: readonly Value[],
  span: Span,
  how: CallHow,
): Value {
  const inlined = run.inlining?.call(run, fn, bind(fn, self, positional, how.named ?? NO_NAMES));
  if (inlined) return inlined;
  const analysis = run.program.summary(fn);
  run.program.noteCall(fn, run.site(span));
  const given = union(
    ...positional.map((one) => union(one.deps, identityDeps(one))),
    ...[...(how.named?.values() ?? [])].map((one) => one.deps),
  );
  if (!analysis) {
    if (how.discarded) run.emit("command", span, { name: fn.qualified, deps: given });
    return run.unknown(given);
  }
  for (const one of [...positional, ...(how.named?.values() ?? [])])
    if (one.kind !== "row" && "dotted" in one && SENDS_WHEN_CALLED.test(one.dotted))
      run.emit("external", span, { name: one.dotted, deps: given }).tested = how.discarded !== true;
  const named = how.named ?? NO_NAMES;
  const bound = bind(fn, self, positional, named);
  runAfterCommit(run, fn, bound, span);
  runDispatched(run, fn, positional, named, span);
  const result = new Instantiation(
    run,
    analysis,
    span,
    bound,
    columnsGiven(run, fn, bound, named, span),
  ).result();
  return ofOwnTable(run, fn, self, result);
}

/** `cls.get_instance(info, id=id)` of a class whose `Meta` names a model: a row of that one. */
function ofOwnTable(run: Run, { name }: FunctionDefinition, self: Value | undefined, result: Value): Value {
  if (result.kind !== "row" || result.model?.definition || !result.fetch || !GETS_OWN.test(name))
    return result;
  const cls = self?.kind === "class" || self?.kind === "row" ? self.cls : undefined;
  const model = cls && serializerModel(run, cls);
  return model ? Object.assign(result, { model, cls: model.definition }) : result;
}

const GETS_OWN = /^get_(instance|object|node)(_or_(error|404))?$/;

/** Of what a function does, what `keep` says: a call that somebody else makes, of which the rest does not matter here. */
export function callForSome(
  run: Run,
  fn: FunctionDefinition,
  self: Value | undefined,
  named: ReadonlyMap<string, Value>,
  span: Span,
  keep: (effect: Effect) => boolean,
): void {
  const analysis = run.program.summary(fn);
  run.program.noteCall(fn, run.site(span));
  if (analysis) new Instantiation(run, analysis, span, bind(fn, self, [], named), []).some(keep);
}
