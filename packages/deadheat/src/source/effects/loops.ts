import type { Statement } from "../parse/syntax.ts";
import { assign } from "./assignments.ts";
import { type Completion, fork, mergeEnvs, type RunBlock, restore, save } from "./branches.ts";
import type { Guard } from "./effect.ts";
import { evaluateTest } from "./expressions.ts";
import { isEndless } from "./loop-left.ts";
import type { Run } from "./run.ts";
import { isOrdered } from "./truth.ts";
import { union, type Value } from "./values.ts";

/** `for name, value in {"total": total}.items(): setattr(row, name, value)`: one turn for each. */
export function runByName(
  run: Run,
  statement: Statement & { readonly kind: "for" },
  turns: readonly Value[],
  runBlock: RunBlock,
): Completion {
  for (const turn of turns)
    runLoop(run, statement, runBlock, () => assign(run, statement.target, turn, statement.target));
  return "go on";
}

/** `while exists(slug): slug = other`: what the loop leaves behind was chosen by its condition. */
export function runWhile(
  run: Run,
  statement: Statement & { readonly kind: "while" },
  runBlock: RunBlock,
): Completion {
  const asked = evaluateTest(run, statement.test);
  const guard = run.guard("test", asked, statement.test, isOrdered(statement.test));
  const before = run.env;
  const known = run.guards;
  const left = runLoop(run, statement, runBlock, () => {
    run.guards = [...run.guards, guard];
  });
  // Left in one place: what follows comes where nothing was found there.
  const [only = []] = isEndless(statement.test) && left.length === 1 ? left : [];
  const found = only.filter((one) => !known.includes(one));
  run.guards = [...run.guards, ...found.filter((one) => one.kind === "missing")];
  const deps = union(asked, ...found.map((one) => one.deps));
  for (const [name, value] of run.env) {
    const isChosen =
      before.get(name) !== value &&
      (value.kind === "scalar" || (value.kind === "row" && !value.fetch && !value.model));
    if (isChosen && deps.length > 0) run.env.set(name, run.scalar(union(value.deps, deps)));
  }
  return "go on";
}

/** By what it was left before its end. */
export function runLoop(
  run: Run,
  statement: { readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] },
  runBlock: RunBlock,
  enter: () => void,
): readonly (readonly Guard[])[] {
  const before = fork(run);
  // (What a round of the loop leaves is that round.)
  const { left, breaks } = run;
  run.breaks = [];
  run.steps = [...before.steps, { branch: run.program.fresh(), arm: 0 }];
  run.loop++;
  const refusals = run.refusals.length;
  enter();
  const completion = runBlock(run, statement.body);
  run.loop--;
  run.left = left;
  const broken = run.breaks;
  run.breaks = breaks;
  const after = save(run);
  restore(run, before);
  run.env = completion === "go on" ? after.env : mergeEnvs(run, before.env, [before.env, after.env]);
  // `for line in lines: if line.quantity > …: raise`: what follows comes only after all have passed.
  run.guards = [...run.guards, ...run.refusals.slice(refusals)];
  if (statement.otherwise.length > 0) runBlock(run, statement.otherwise);
  return broken;
}
