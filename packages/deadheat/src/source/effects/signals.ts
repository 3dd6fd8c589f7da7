import type { Expression } from "../parse/syntax.ts";
import type { Definition, FunctionDefinition, Module } from "../project/definitions.ts";
import { type Project, textOf } from "../project/project.ts";
import type { Given } from "./arguments.ts";
import { callDefinition } from "./call-definition.ts";
import type { Run } from "./run.ts";

const SENDS_SIGNAL = /^a?send(_robust)?$/;
/** More than these are a framework's. */
const MOST_RECEIVERS = 6;

type Call = Expression & { readonly kind: "call" };
type Signal = Definition & { readonly kind: "value" };

/**
 * `order_closed.send(sender=Order, order=order)`, of a signal that the project makes: a call of all who receive it, one
 * after the other, where it is sent. True where it is one.
 */
export function sendSignal(run: Run, call: Call, given: Given): boolean {
  const { callee } = call;
  if (callee.kind !== "attribute" || !SENDS_SIGNAL.test(callee.name)) return false;
  const { project } = run.program;
  const signal = signalOf(project, run.fn.module, callee.object);
  if (!signal) return false;
  if (run.deferred || run.txns.length > 0) run.emit("signal", call, { name: textOf(callee) });
  const name = textOf(callee.object).split(".").at(-1) as string;
  const found = project.names
    .receiversOf(name)
    .filter((fn) => receives(project, fn, signal) || project.names.connectionOf(fn)?.signal === name);
  if (found.length <= MOST_RECEIVERS)
    for (const fn of found)
      callDefinition(run, fn, undefined, given.positional, call, { named: given.named, discarded: true });
  return true;
}

/** `order_closed = Signal()`. */
function signalOf(project: Project, module: Module, expression: Expression): Signal | undefined {
  if (expression.kind !== "name" && expression.kind !== "attribute") return undefined;
  const found = project.resolve(module, expression);
  if (found?.kind !== "value" || found.expression.kind !== "call") return undefined;
  return /Signal$/.test(textOf(found.expression.callee)) ? found : undefined;
}

function receives(project: Project, fn: FunctionDefinition, signal: Signal): boolean {
  return fn.signature().decorators.some((one) => {
    const first = one.kind === "call" && /(^|\.)receiver$/.test(textOf(one)) ? one.args[0]?.value : undefined;
    const signals = first?.kind === "sequence" ? first.items : first ? [first] : [];
    return signals.some((name) => {
      const own = signalOf(project, fn.module, name);
      return own?.module === signal.module && own.expression.start === signal.expression.start;
    });
  });
}
