import type { Expression, Parameter } from "../parse/syntax.ts";
import type { FunctionDefinition, Module } from "../project/definitions.ts";
import { bindParameter, mergeResults } from "./analyse.ts";
import { isContextManager } from "./contexts.ts";
import { decorate } from "./decorators.ts";
import { evaluate } from "./expressions.ts";
import type { Env, Run } from "./run.ts";
import { runBlock } from "./statements.ts";
import { type Closure, NONE, type Row, type Value } from "./values.ts";

const DEEPEST = 14;
/** Beyond this many calls of one request, summaries have to do. */
const MOST_CALLS = 400;

/** What is known of one object before the walk: arguments of `as_view()`, constants of its class. */
export type KnownAttributes = (run: Run, row: Row, name: string) => Value | undefined;

/**
 * Walks through called functions in place. A summary is made once for all callers; here `self` is the one view that
 * answers, functions that are handed over are known, and `if lock:` is decided where `lock` is a constant.
 */
export class Inlining {
  readonly attribute: KnownAttributes;
  readonly #globals = new Map<Module, Env>();
  readonly #stack: (FunctionDefinition | Closure["node"])[] = [];
  #calls = 0;

  constructor(attribute: KnownAttributes) {
    this.attribute = attribute;
  }

  /** `undefined`: a summary has to do. */
  call(run: Run, fn: FunctionDefinition, bound: ReadonlyMap<string, Value>): Value | undefined {
    if (this.#stack.includes(fn) || isContextManager(fn)) return undefined;
    if (this.#stack.length >= DEEPEST || this.#calls >= MOST_CALLS) return undefined;
    const node = fn.decode();
    return this.walk(run, fn, fn, () => {
      run.env = new Map();
      for (const [index, parameter] of node.parameters.entries())
        run.env.set(parameter.name, bound.get(parameter.name) ?? missing(run, parameter, index));
      decorate(run, node.decorators);
      runBlock(run, node.body);
    });
  }

  closure(run: Run, closure: Closure, values: readonly Value[]): Value {
    const { node, env, fn } = closure;
    if (this.#stack.includes(node) || this.#stack.length >= DEEPEST || this.#calls >= MOST_CALLS)
      return run.unknown();
    return this.walk(run, fn, node, () => {
      run.env = new Map(env);
      const plain = node.parameters.filter((one) => !one.spread);
      for (const [index, parameter] of plain.entries()) {
        const fallback = parameter.fallback?.kind === "name" ? env.get(parameter.fallback.id) : undefined;
        run.env.set(parameter.name, values[index] ?? fallback ?? run.unknown());
      }
      for (const parameter of node.parameters) {
        if (parameter.spread === "*")
          run.env.set(parameter.name, { kind: "tuple", items: values.slice(plain.length), deps: NONE });
        if (parameter.spread === "**") run.env.set(parameter.name, run.scalar(NONE, { entries: new Map() }));
      }
      runBlock(run, node.body);
    });
  }

  /** `if lock:`, `self.locks`, `not shared`: what a constant decides; `undefined` for all else. */
  truth(run: Run, test: Expression): boolean | undefined {
    switch (test.kind) {
      case "constant":
        return Boolean(test.value);
      case "not": {
        const inner = this.truth(run, test.operand);
        return inner === undefined ? undefined : !inner;
      }
      case "name":
      case "attribute": {
        if (!isPlain(test)) return undefined;
        const value = evaluate(run, test);
        // A number or a text of the module is known by its name alone.
        const literal = value.kind === "scalar" ? value.literal : undefined;
        return typeof literal === "boolean" ? literal : literal === null ? false : undefined;
      }
      default:
        return undefined;
    }
  }

  /** What is called leaves behind what it did, what it refused, and its result. */
  private walk(
    run: Run,
    fn: FunctionDefinition,
    key: FunctionDefinition | Closure["node"],
    body: () => void,
  ) {
    const { env, globals, steps, txns, locks, handlers } = run;
    const before = {
      fn: run.fn,
      guards: run.guards,
      results: run.results.length,
      refusals: run.refusals.length,
    };
    run.fn = fn;
    run.globals = this.globalsOf(fn.module);
    run.steps = [...steps, { branch: run.program.fresh(), arm: 0 }];
    this.#stack.push(key);
    this.#calls++;
    body();
    this.#stack.pop();
    const results = run.results.splice(before.results);
    Object.assign(run, { env, globals, steps, txns, locks, handlers, fn: before.fn });
    run.guards = [...before.guards, ...run.refusals.slice(before.refusals)];
    return mergeResults(run, results) ?? run.scalar(NONE, { literal: null });
  }

  private globalsOf(module: Module): Env {
    const known = this.#globals.get(module);
    if (known) return known;
    const made: Env = new Map();
    this.#globals.set(module, made);
    return made;
  }
}

/** A parameter that nobody gave anything for has its default. */
function missing(run: Run, parameter: Parameter, index: number): Value {
  if (parameter.spread === "*") return { kind: "tuple", items: [], deps: NONE };
  if (parameter.spread === "**") return run.scalar(NONE, { entries: new Map() });
  return parameter.fallback ? evaluate(run, parameter.fallback) : bindParameter(run, parameter, index, false);
}

function isPlain(expression: Expression): boolean {
  return expression.kind === "name" || (expression.kind === "attribute" && isPlain(expression.object));
}
