import {
  EXTERNAL_CALL,
  NAMED_LOCK,
  NOT_A_LOCK,
  NOT_A_TRANSACTION,
  OPENS_TRANSACTION,
} from "../facts/names.ts";
import type { Expression } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { evaluateArguments } from "./arguments.ts";
import { callDefinition } from "./call-definition.ts";
import type { Lock } from "./effect.ts";
import { evaluate } from "./expressions.ts";
import { isOfProcess } from "./process-locks.ts";
import type { Run } from "./run.ts";
import { uncommitted } from "./uncommitted.ts";
import type { Value } from "./values.ts";

export function opensTransaction(name: string): boolean {
  return OPENS_TRANSACTION.test(name) && !NOT_A_TRANSACTION.test(name);
}

export function takesLock(name: string): boolean {
  return NAMED_LOCK.test(name) && !NOT_A_LOCK.test(name) && !EXTERNAL_CALL.test(name);
}

export function beginTransaction(run: Run, span: { start: number; end: number }, implicit = false): void {
  run.txns = [...run.txns, { id: run.program.fresh(), site: run.site(span), implicit }];
}

/** Enters `with expression:` and gives the value of its `as`. */
export function enterContext(run: Run, expression: Expression): Value {
  const own = ownContext(run, expression);
  if (own) return enterOwn(run, expression as Call, own);
  const name = textOf(expression);
  if (opensTransaction(name)) {
    if (expression.kind === "call") for (const one of expression.args) evaluate(run, one.value);
    beginTransaction(run, expression);
    return run.unknown();
  }
  if (takesLock(name) || locksTables(run, expression)) {
    const given = expression.kind === "call" ? expression.args.map((one) => evaluate(run, one.value)) : [];
    lockBlock(run, expression, given);
    return run.unknown();
  }
  if (expression.kind === "call" && textOf(expression.callee).split(".").at(-1) === "suppress")
    run.handlers = [...run.handlers, ...expression.args.map((one) => textOf(one.value))];
  return evaluate(run, expression);
}

/** `with TableLock(write=(Vote,)):` of a class whose `__enter__` says `LOCK TABLES`. */
function locksTables(run: Run, expression: Expression): boolean {
  if (expression.kind !== "call" || !/lock/i.test(textOf(expression.callee))) return false;
  const { project } = run.program;
  const cls = project.resolve(run.fn.module, expression.callee);
  const enter = cls?.kind === "class" ? project.method(cls, "__enter__") : undefined;
  if (!enter) return false;
  run.program.noteRead(enter);
  return /\bLOCK TABLES?\b/i.test(enter.text());
}

/** `with advisory_lock("sync", wait=False):`, and nobody asks whether it was to be had: the block runs in any case. */
export function mayHaveNoLock(expression: Expression): boolean {
  if (expression.kind !== "call" || !/advisory_?lock/i.test(textOf(expression.callee))) return false;
  return expression.args.some(
    ({ name, value }) => name === "wait" && value.kind === "constant" && value.value === false,
  );
}

export function lockBy(run: Run, expression: Expression, given: readonly Value[] = []): void {
  const text = run.fn.module.source.text.slice(expression.start, expression.end);
  const lock = {
    id: run.program.fresh(),
    name: text,
    site: run.site(expression),
    ...keysIn(given),
    ...(isOfProcess(run, expression) ? { ofProcess: true } : {}),
  };
  run.locks = [...run.locks, lock];
}

/** What the key of a lock is made of: most often its first argument. */
function keysIn([key]: readonly Value[]): Pick<Lock, "of"> {
  return key?.kind === "scalar" && key.spelled ? { of: key.spelled } : {};
}

/** The same of a block; in a transaction it is given back before that commits. */
function lockBlock(run: Run, expression: Expression, given: readonly Value[]): void {
  const { locks } = run;
  lockBy(run, expression, given);
  if (run.txns.length > 0) run.locks = [...locks, ...run.locks.slice(locks.length).map(uncommitted)];
}

type Call = Expression & { readonly kind: "call" };
type Callable = Value & { readonly kind: "function" };

export function isContextManager(fn: FunctionDefinition): boolean {
  return /^(\s*@.*\n)*?\s*@(\w+\.)*(async)?contextmanager\b/.test(fn.head());
}

/** A context manager that the project writes as a generator. */
function ownContext(run: Run, expression: Expression): Callable | undefined {
  if (expression.kind !== "call") return undefined;
  const { callee } = expression;
  const last = callee.kind === "attribute" ? callee.name : callee.kind === "name" ? callee.id : "";
  if (!run.program.project.contextManagers().has(last)) return undefined;
  const value = evaluate(run, callee);
  return value.kind === "function" && value.fn && isContextManager(value.fn) ? value : undefined;
}

/** Its effects happen in the transaction and under the locks in which it yields; so does the block. */
function enterOwn(run: Run, expression: Call, { fn, self }: Callable): Value {
  const text = (fn as FunctionDefinition).text();
  const isInside = run.txns.length > 0;
  if (/\batomic\b|\btransaction\b/.test(text) && !NOT_A_TRANSACTION.test(fn?.name ?? ""))
    beginTransaction(run, expression);
  const given = evaluateArguments(run, expression.args);
  const { held } = run;
  const value = callDefinition(run, fn as FunctionDefinition, self, given.positional, expression, {
    named: given.named,
  });
  const taken = run.held.slice(held.length).map((one) => ({ ...one, ...keysIn(given.positional) }));
  run.locks = [...run.locks, ...(isInside ? taken.map(uncommitted) : taken)];
  run.held = held;
  if (takesLock(textOf(expression)) && !opensTransaction(textOf(expression)) && run.locks.length === 0)
    lockBy(run, expression, given.positional);
  return value;
}
