import {
  EXTERNAL_CALL,
  NAMED_LOCK,
  NOT_A_LOCK,
  NOT_A_TRANSACTION,
  OPENS_TRANSACTION,
} from "../facts/names.ts";
import type { Expression } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { evaluate } from "./expressions.ts";
import type { Run } from "./run.ts";
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
  const name = textOf(expression);
  if (opensTransaction(name) || opensByItsBody(run, expression)) {
    if (expression.kind === "call") for (const one of expression.args) evaluate(run, one.value);
    beginTransaction(run, expression);
    return run.unknown();
  }
  if (takesLock(name)) {
    if (expression.kind === "call") for (const one of expression.args) evaluate(run, one.value);
    const text = run.fn.module.source.text.slice(expression.start, expression.end);
    run.locks = [...run.locks, { id: run.program.fresh(), name: text, site: run.site(expression) }];
    return run.unknown();
  }
  if (expression.kind === "call" && textOf(expression.callee).split(".").at(-1) === "suppress")
    run.handlers = [...run.handlers, ...expression.args.map((one) => textOf(one.value))];
  return evaluate(run, expression);
}

/** A context manager of the project that is a transaction inside. */
function opensByItsBody(run: Run, expression: Expression): boolean {
  if (expression.kind !== "call") return false;
  const found = run.program.project.resolve(run.fn.module, expression.callee);
  if (found?.kind !== "function") return false;
  const text = found.text();
  return /\byield\b/.test(text) && /\b(transaction\.)?atomic\(/.test(text);
}
