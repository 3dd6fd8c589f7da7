import { CHAINS } from "../facts/names.ts";
import type { Expression, Handler, Span, Statement } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { importTargets, setterOf } from "../project/scan.ts";
import { fork, mergeEnvs, restore, runArms, save } from "./branches.ts";
import { askFor } from "./builtins.ts";
import { entriesByName } from "./by-name.ts";
import { callFunctionNode } from "./closures.ts";
import { collectionOf, isCollection, memberOf } from "./collections.ts";
import { joinConditions } from "./conditions.ts";
import { enterContext, mayHaveNoLock } from "./contexts.ts";
import { identityDeps, truthDeps } from "./dependencies.ts";
import { giveEntry } from "./dictionaries.ts";
import type { Effect, Guard } from "./effect.ts";
import { evaluate, evaluateTest } from "./expressions.ts";
import { armThatLocks, flagsIn } from "./flags.ts";
import { caughtBy } from "./handlers.ts";
import { endTransactions } from "./held-locks.ts";
import { callDefinition } from "./instantiate.ts";
import { keepsOwn, withoutOwn } from "./kept.ts";
import { isEndless, whereMissing } from "./loop-left.ts";
import { noteClasses, readOutOfSight } from "./missing-rows.ts";
import { keepUnread, noteReplaced } from "./replaced-locks.ts";
import { endRescued, noteRescued, noteSuppressed } from "./rescued.ts";
import { iterate, mutateInPlace } from "./rows.ts";
import type { Env, Run } from "./run.ts";
import { savedElsewhere } from "./saved-elsewhere.ts";
import { isArithmetic, isText, shapeOf } from "./scalars.ts";
import { isOrdered } from "./truth.ts";
import { valueOfDefinition } from "./types.ts";
import { type Deps, NONE, type Row, union, type Value } from "./values.ts";

/** `leave`: what follows in this block is not reached. */
export type Completion = "go on" | "leave" | "raise";

export function runBlock(run: Run, statements: readonly Statement[]): Completion {
  let unlessFound: Guard | undefined;
  for (const statement of statements) {
    if (run.truncated) return "go on";
    run.returnedMissing = undefined;
    const completion = runStatement(run, statement);
    if (completion === "raise" && unlessFound) run.refusals.push(unlessFound);
    if (completion !== "go on") return completion;
    if (statement.kind === "try") unlessFound = run.returnedMissing;
  }
  return "go on";
}

function runStatement(run: Run, statement: Statement): Completion {
  switch (statement.kind) {
    case "expression": {
      const value = evaluate(run, statement.value, { discarded: true });
      if (isUnread(run, value, statement.value) && !isReadLater(run, statement))
        run.emit("command", statement, { name: "unread-lock", query: value });
      return "go on";
    }
    case "assign":
      runAssignment(run, statement);
      return "go on";
    case "augment":
      augment(run, statement);
      return "go on";
    case "if":
      return runIf(run, statement);
    case "for": {
      const named = entriesByName(run, statement);
      if (named.length > 0) return runByName(run, statement, named);
      const element = iterate(run, evaluate(run, statement.source), statement.source);
      runLoop(run, statement, () => assign(run, statement.target, element, statement.target));
      return "go on";
    }
    case "while":
      return runWhile(run, statement);
    case "try":
      return runTry(run, statement);
    case "with":
      return runWith(run, statement);
    case "match":
      return runMatch(run, statement);
    case "return":
      if (statement.value) {
        const value = evaluate(run, statement.value);
        runHandedBack(run, value, statement);
        run.results.push(withGuards(run, value));
      }
      return "leave";
    case "raise":
      if (statement.value) evaluate(run, statement.value);
      return "raise";
    case "leave":
      if (statement.how === "break") run.breaks.push(whereMissing(run));
      return "leave";
    case "delete":
      for (const target of statement.targets) {
        if (target.kind === "subscript") mutateInPlace(run, target.object, NONE, target);
        else if (target.kind !== "name") evaluate(run, target);
      }
      return "go on";
    case "assert":
      evaluateTest(run, statement.test);
      return "go on";
    case "import":
      for (const [name, target] of importTargets(run.fn.module, statement))
        run.env.set(name, valueOfDefinition(run, run.program.project.imported(run.fn.module, target), name));
      return "go on";
    case "function":
      run.env.set(statement.name, {
        kind: "function",
        closure: { node: statement, env: run.env, fn: run.fn },
        dotted: statement.name,
        deps: NONE,
      });
      // Nobody may call it by name, but somebody was given it: a thread, a callback.
      return "go on";
    default:
      return "go on";
  }
}

/** `for name, value in {"total": total}.items(): setattr(row, name, value)`: one turn for each. */
function runByName(
  run: Run,
  statement: Statement & { readonly kind: "for" },
  turns: readonly Value[],
): Completion {
  for (const turn of turns)
    runLoop(run, statement, () => assign(run, statement.target, turn, statement.target));
  return "go on";
}

function runAssignment(run: Run, statement: Statement & { readonly kind: "assign" }): void {
  if (!statement.value) return;
  if (statement.target.kind === "name") noteReplaced(run, statement.target.id, statement);
  const evaluated = evaluate(run, statement.value);
  const value = addsToItself(statement)
    ? { ...evaluated, deps: union(evaluated.deps, rowsSummed(run, evaluated.deps)) }
    : evaluated;
  assign(run, statement.target, value, statement);
  if (statement.target.kind === "attribute" && keepsOwn(run, statement.target, statement.value))
    withoutOwn(run, statement.target);
  // `_locked = Order.objects.select_for_update().filter(…)`, and the name never again.
  if (statement.target.kind !== "name" || !isUnread(run, value, statement.value)) return;
  if (!isMentionedAfter(run, statement.target.id, statement.end))
    run.emit("command", statement, { name: "unread-lock", query: value });
  else keepUnread(run, statement.target.id, value, statement);
}

/** `total = total + line.price` */
function addsToItself({ target, value }: Statement & { readonly kind: "assign" }): boolean {
  return (
    target.kind === "name" &&
    value?.kind === "binary" &&
    [value.left, value.right].some((one) => one.kind === "name" && one.id === target.id)
  );
}

/** A queryset with a lock that is new here: nothing has read it yet. */
function isUnread(
  run: Run,
  value: Value,
  expression: Expression,
): value is Value & { readonly kind: "query" } {
  if (value.kind !== "query" || !value.locked) return false;
  const isChained =
    expression.kind === "call" &&
    expression.callee.kind === "attribute" &&
    CHAINS.has(expression.callee.name);
  return isChained || (value.lockSite?.fn === run.fn && !value.opaque);
}

/**
 * `rows.prefetch_related("lines")` as a statement does nothing, and `for row in rows` reads them all the same.
 * (`rows.order_by("number").last()` locks only one of those that were meant.)
 */
function isReadLater(run: Run, { value, end }: Statement & { readonly kind: "expression" }): boolean {
  const [name = ""] = textOf(value).split(".");
  const known = run.env.get(name);
  return known?.kind === "query" && known.locked && isMentionedAfter(run, `${name}\\b(?!\\s*[.=])`, end);
}

function isMentionedAfter(run: Run, name: string, end: number): boolean {
  const { fn } = run;
  return new RegExp(`\\b${name}\\b`).test(fn.module.source.text.slice(end, fn.start + fn.text().length));
}

/** A constant that is returned says what the conditions said that led to it. */
function withGuards(run: Run, value: Value): Value {
  if (run.guards.length === 0) return value;
  const queries = run.guards.map((one) => one.deps.filter((atom) => atom.kind === "query"));
  if (value.kind === "scalar") {
    if (value.literal === undefined) return { ...value, deps: union(value.deps, ...queries) };
    const deps = union(value.deps, ...run.guards.map((one) => one.deps));
    const missing = missingWhere(run, Boolean(value.literal));
    return {
      ...value,
      deps,
      ...(run.guards.some((one) => one.ordered) ? { ordered: true } : {}),
      ...(missing.size > 0 ? { missing } : {}),
    };
  }
  if (value.kind === "tuple" && value.many !== true)
    return { ...value, items: value.items.map((one) => withGuards(run, one)) };
  // `while taken(slug): …; return slug`: a value that was chosen by what a query said.
  if (value.kind !== "row" || value.fetch || value.model || value.cls || value.origin !== "call")
    return value;
  return { ...value, deps: union(value.deps, ...queries) };
}

/** `if taken.exists(): return False`: which truth of what is returned here means that nothing was found. */
export function missingWhere(run: Run, isTrue: boolean): Map<Effect, number> {
  const found = new Map<Effect, number>();
  for (const { branch, missing } of run.guards) {
    const arm = run.steps.find((one) => one.branch === branch)?.arm;
    if (arm === undefined) continue;
    for (const [effect, empty] of missing) found.set(effect, (arm === empty) === isTrue ? 0 : 1);
  }
  return found;
}

export function assign(
  run: Run,
  target: Expression,
  value: Value,
  span: { start: number; end: number },
): void {
  switch (target.kind) {
    case "name":
      run.env.set(target.id, value);
      return;
    case "attribute": {
      const object = evaluate(run, target.object);
      if (object.kind === "query") run.setAttribute(object, target.name, value);
      if (object.kind !== "row") return;
      run.assign(object, target.name, value, span);
      savedElsewhere(run, object, target.name, value, target);
      const setter = object.cls && run.program.project.method(object.cls, setterOf(target.name));
      if (setter && setter !== run.fn) callDefinition(run, setter, object, [value], target, {});
      return;
    }
    case "subscript":
      for (const index of target.index) evaluate(run, index);
      if (!giveEntry(run, target, evaluate(run, target.object), value))
        mutateInPlace(run, target.object, value.deps, span);
      return;
    case "sequence": {
      // `a, b = queryset` reads it once.
      const parts = value.kind === "query" ? collectionOf(iterate(run, value, target), NONE) : value;
      for (const [index, item] of target.items.entries()) {
        const part = partOf(run, parts, index);
        assign(run, item, part ?? run.unknown(union(value.deps, identityDeps(value))), item);
      }
      return;
    }
    default:
      return;
  }
}

/** What the `index`-th name of `a, b = value` gets. */
function partOf(run: Run, value: Value, index: number): Value | undefined {
  if (isCollection(value)) return memberOf(run, value);
  return value.kind === "tuple" ? value.items[index] : undefined;
}

function augment(run: Run, statement: Statement & { readonly kind: "augment" }): void {
  const before = evaluate(run, statement.target);
  const added = evaluate(run, statement.value);
  const database = [before, added].some((one) => one.kind === "scalar" && one.database);
  const isQuery = before.kind === "query";
  const value = isQuery
    ? before
    : run.scalar(database ? added.deps : union(before.deps, added.deps, rowsSummed(run, added.deps)), {
        ...(database ? { database } : {}),
        shape: isArithmetic(statement.operator, before, added)
          ? "arithmetic"
          : // `row.notes += text`: what is there is a part of what is written, as it is with a list.
            isText(added) && before.kind === "row"
            ? "collection"
            : shapeOf(before, added),
      });
  assign(run, statement.target, joinConditions(value, [before, added]), statement);
}

/** `for line in lines: total += line.price`: the sum depends on which rows there are, as that of `sum()` does. */
function rowsSummed(run: Run, added: Deps): Deps {
  if (run.loop === 0) return NONE;
  return added.flatMap((atom) => {
    if (atom.kind !== "field" || atom.row.origin !== "element") return [];
    const { fetch } = atom.row;
    return fetch?.kind === "list" ? [{ kind: "query" as const, effect: fetch }] : [];
  });
}

const ERROR_ANSWER =
  /\b(status(_code)?=\D*4\d\d|HTTP_4\d\d|HttpResponse(BadRequest|Forbidden|NotAllowed|NotFound|Gone)\b|form_invalid\()/;

/** `return Response({…}, status=409)`. */
function answersError({ fn }: Run, arm: readonly Statement[]): boolean {
  const last = arm.at(-1);
  return last?.kind === "return" && ERROR_ANSWER.test(fn.module.source.text.slice(last.start, last.end));
}

function runIf(run: Run, statement: Statement & { readonly kind: "if" }): Completion {
  const { test } = statement;
  const decided = run.inlining?.truth(run, test);
  if (decided !== undefined) return runBlock(run, decided ? statement.whenTrue : statement.otherwise);
  const locking = armThatLocks(run, statement);
  if (locking) return runBlock(run, locking);
  const flags = flagsIn(run, test);
  // `if settings.DEBUG` and the like decide nothing about rows, but arms exclude each other all the same.
  run.asksForSize = false;
  const deps = evaluateTest(run, test);
  const guard = run.guard("test", deps, saidBefore(run, test), isOrdered(test) || run.asksForSize);
  if (deps.length > 0 && [statement.whenTrue, statement.otherwise].some((arm) => answersError(run, arm)))
    Object.assign(guard, { refuses: true });
  const completion = runArms(
    run,
    guard.deps.length > 0 ? guard : undefined,
    [() => runBlock(run, statement.whenTrue), () => runBlock(run, statement.otherwise)],
    flags,
  );
  if (guard.deps.length > 0 && notesError(run, statement.whenTrue)) {
    Object.assign(guard, { refuses: true });
    run.refusals.push(guard);
    run.guards = [...run.guards, guard];
  }
  return completion;
}

/** `is_late = row.seen >= given`, and later `if is_late:`. */
function saidBefore(run: Run, test: Expression): Span {
  const value = test.kind === "name" ? run.env.get(test.id) : undefined;
  const said = value?.kind === "scalar" ? value.said : undefined;
  return said?.fn === run.fn ? said : test;
}

/** `self.add_error("start", …)` in a form's `clean`: nothing is saved. */
function notesError({ fn }: Run, arm: readonly Statement[]): boolean {
  return arm.some(
    ({ kind, start, end }) =>
      kind === "expression" && /^self\.add_error\(/.test(fn.module.source.text.slice(start, end)),
  );
}

/** `while exists(slug): slug = other`: what the loop leaves behind was chosen by its condition. */
function runWhile(run: Run, statement: Statement & { readonly kind: "while" }): Completion {
  const asked = evaluateTest(run, statement.test);
  const guard = run.guard("test", asked, statement.test, isOrdered(statement.test));
  const before = run.env;
  const known = run.guards;
  const left = runLoop(run, statement, () => {
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
function runLoop(
  run: Run,
  statement: { readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] },
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

function runTry(run: Run, statement: Statement & { readonly kind: "try" }): Completion {
  run.tries++;
  const from = run.effects.length;
  const completion = runTried(run, statement);
  endRescued(run.effects.slice(from), run.seq);
  run.tries--;
  return completion;
}

function runTried(run: Run, statement: Statement & { readonly kind: "try" }): Completion {
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

function runWith(run: Run, statement: Statement & { readonly kind: "with" }): Completion {
  const { txns, locks, held, shared, handlers } = run;
  for (const item of statement.items) {
    const before = run.locks;
    const value = enterContext(run, item.value);
    if (!item.target && mayHaveNoLock(item.value)) run.locks = before;
    if (item.target) assign(run, item.target, value, item.target);
  }
  const from = run.effects.length;
  const completion = runBlock(run, statement.body);
  if (run.txns.length > txns.length) {
    endTransactions(run, txns, held);
    run.shared = shared;
  }
  run.txns = txns;
  noteSuppressed(run, statement.items, run.effects.slice(from));
  run.locks = locks;
  run.handlers = handlers;
  return completion;
}

function runMatch(run: Run, statement: Statement & { readonly kind: "match" }): Completion {
  const subject = evaluate(run, statement.subject);
  const guard = run.guard("test", truthDeps(subject), statement.subject);
  const arms = statement.cases.map((body) => () => runBlock(run, body));
  return runArms(run, guard.deps.length > 0 ? guard : undefined, [...arms, () => "go on"]);
}

/** `return handle`: what a function that is defined here does, it does later, and outside of all that is held now. */
function runHandedBack(run: Run, value: Value, span: { start: number; end: number }): void {
  if (value.kind !== "function" || !value.closure || value.dotted === "lambda" || run.inlining) return;
  if (value.closure.fn !== run.fn) return;
  const { txns, locks, held, deferred } = run;
  Object.assign(run, { txns: [], locks: [], held: [], deferred: true });
  callFunctionNode(run, value.closure, [], span);
  Object.assign(run, { txns, locks, held, deferred });
}

/** A function defined here and handed on: its effects happen, at a time that is not known. */
export function runHandedOn(run: Run, value: Value, span: { start: number; end: number }): void {
  if (value.kind === "function" && value.closure) callFunctionNode(run, value.closure, [], span);
}

export function rowsIn(values: readonly Value[]): Row[] {
  return values.filter((one): one is Row => one.kind === "row");
}
