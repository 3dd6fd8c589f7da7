import type { Expression, Span, Statement } from "../parse/syntax.ts";
import { importTargets } from "../project/scan.ts";
import { assign, augment, isReadLater, isUnread, runAssignment } from "./assignments.ts";
import { type Completion, runArms } from "./branches.ts";
import { entriesByName } from "./by-name.ts";
import { callFunctionNode } from "./closures.ts";
import { beginTransaction, enterContext, mayHaveNoLock } from "./contexts.ts";
import { truthDeps } from "./dependencies.ts";
import type { Guard } from "./effect.ts";
import { evaluate, evaluateTest } from "./expressions.ts";
import { armThatLocks, flagsIn } from "./flags.ts";
import { endTransactions } from "./held-locks.ts";
import { armInTransaction, inTransactionOfCaller } from "./in-atomic-block.ts";
import { whereMissing } from "./loop-left.ts";
import { runByName, runLoop, runWhile } from "./loops.ts";
import { noteSuppressed } from "./rescued.ts";
import { iterate, mutateInPlace } from "./rows.ts";
import type { Run } from "./run.ts";
import { runTry } from "./tries.ts";
import { isOrdered, missingWhere } from "./truth.ts";
import { valueOfDefinition } from "./types.ts";
import { NONE, union, type Value } from "./values.ts";

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
      if (named.length > 0) return runByName(run, statement, named, runBlock);
      const element = iterate(run, evaluate(run, statement.source), statement.source);
      runLoop(run, statement, runBlock, () => assign(run, statement.target, element, statement.target));
      return "go on";
    }
    case "while":
      return runWhile(run, statement, runBlock);
    case "try":
      return runTry(run, statement, runBlock);
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
      if (armInTransaction(statement.test) === 0) beginTransaction(run, statement.test, true);
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
  const within = armInTransaction(test);
  const went: Completion[] = [];
  const bodyOf = (arm: 0 | 1) => () => {
    const block = () => runBlock(run, arm === 0 ? statement.whenTrue : statement.otherwise);
    went[arm] = arm === within ? inTransactionOfCaller(run, test, block) : block();
    return went[arm];
  };
  const completion = runArms(run, guard.deps.length > 0 ? guard : undefined, [bodyOf(0), bodyOf(1)], flags);
  // `if not connection.in_atomic_block: return`: what follows is in one.
  if (within !== undefined && went[1 - within] !== "go on") beginTransaction(run, test, true);
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
