import type { Handler, Statement } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { type Completion, fork, mergeEnvs, type RunBlock, restore } from "./branches.ts";
import { askFor } from "./builtins.ts";
import type { Effect, Guard } from "./effect.ts";
import { evaluate } from "./expressions.ts";
import { caughtBy } from "./handlers.ts";
import { noteClasses, readOutOfSight } from "./missing-rows.ts";
import { endRescued, noteRescued } from "./rescued.ts";
import type { Env, Run } from "./run.ts";
import type { Deps } from "./values.ts";

export function runTry(
  run: Run,
  statement: Statement & { readonly kind: "try" },
  runBlock: RunBlock,
): Completion {
  run.tries++;
  const from = run.effects.length;
  const completion = runTried(run, statement, runBlock);
  endRescued(run.effects.slice(from), run.seq);
  run.tries--;
  return completion;
}

function runTried(run: Run, statement: Statement & { readonly kind: "try" }, runBlock: RunBlock): Completion {
  const names = statement.handlers.flatMap((handler) => caughtBy(run, handler));
  const handlersBefore = run.handlers;
  const from = run.effects.length;
  noteClasses(run, statement.handlers);
  run.handlers = [...handlersBefore, ...names];
  const before = fork(run);
  let completion = runBlock(run, statement.body);
  run.handlers = handlersBefore;
  const tried = run.effects.slice(from);
  const read = tried.filter((one) => one.kind === "fetch" || one.kind === "list");
  if (!read.some((one) => isMeant(one, statement))) read.push(...relationsRead(run, statement));
  if (read.length === 0) read.push(...readOutOfSight(run, statement));
  const outcome = fork(run);
  const branch = run.program.fresh();
  if (completion === "go on" && statement.otherwise.length > 0) {
    // Runs where nothing was raised: never in one run with a handler.
    run.steps = [...outcome.steps, { branch, arm: 0 }];
    completion = runBlock(run, statement.otherwise);
    run.steps = outcome.steps;
  }
  const ended = fork(run);
  const going: Env[] = completion === "go on" ? [ended.env] : [];
  const conditions: Run["guards"][] = [];
  const returned: Guard[] = [];
  for (const [index, handler] of statement.handlers.entries()) {
    restore(run, {
      env: mergeEnvs(run, before.env, [before.env, outcome.env]),
      guards: before.guards,
      steps: before.steps,
    });
    const step = { branch, arm: index + 1 };
    run.steps = [...before.steps, step];
    noteRescued(run, statement, handler, tried, step);
    enterHandler(
      run,
      handler,
      read.map((effect) => ({ kind: "query", effect }) as const),
    );
    const left = runBlock(run, handler.body);
    const condition = run.guards.at(-1);
    if (condition?.kind === "missing" && left !== "go on")
      Object.assign(condition, left === "raise" ? { refuses: true } : { leaves: true });
    if (left === "leave" && condition?.kind === "missing") returned.push(condition);
    if (left !== "go on") continue;
    going.push(run.env);
    conditions.push(run.guards);
  }
  restore(run, ended);
  const [unlessFound] = returned;
  if (completion === "raise" && going.length === 0 && unlessFound) run.refusals.push(unlessFound);
  if (going.length > 0) {
    run.env = mergeEnvs(run, before.env, going);
    // `try: return find() except DoesNotExist: pass`: what follows happens where nothing was found.
    const [only] = conditions;
    if (completion !== "go on") run.guards = only && conditions.length === 1 ? only : before.guards;
    completion = "go on";
  }
  if (statement.cleanup.length > 0) {
    const last = runBlock(run, statement.cleanup);
    if (last !== "go on") return last;
  }
  if (completion === "go on") run.returnedMissing = unlessFound;
  return completion;
}

/** `except Ban.DoesNotExist` does not speak of what else was read. */
function isMeant({ model }: Effect, { handlers }: Statement & { readonly kind: "try" }): boolean {
  const named = handlers.flatMap((one) => one.catches.map((name) => textOf(name).split(".").at(-2)));
  return (
    !model?.definition || named.some((one) => one === undefined || one === model.name || /^[a-z]/.test(one))
  );
}

/** `try: return user.profile except ObjectDoesNotExist: …`: the attribute asks the database. */
function relationsRead(run: Run, { body, handlers }: Statement & { readonly kind: "try" }): Effect[] {
  if (!handlers.some((one) => one.catches.some((name) => MEANS_MISSING.test(textOf(name))))) return [];
  const found: Effect[] = [];
  for (const statement of body) {
    const value =
      statement.kind === "return" || statement.kind === "assign" || statement.kind === "expression"
        ? statement.value
        : undefined;
    if (value?.kind !== "attribute") continue;
    const row = evaluate(run, value.object);
    if (row.kind === "row") found.push(askFor(run, row, value.name, value));
  }
  return found;
}

const MEANS_MISSING =
  /(DoesNotExist|ObjectDoesNotExist|Http404|NotFound|IndexError|MultipleObjectsReturned)$/;

function enterHandler(run: Run, handler: Handler, read: Deps): void {
  if (handler.name) run.env.set(handler.name, run.unknown());
  if (!handler.catches.some((one) => MEANS_MISSING.test(textOf(one))) || read.length === 0) return;
  run.guards = [...run.guards, run.guard("missing", read, handler)];
}
