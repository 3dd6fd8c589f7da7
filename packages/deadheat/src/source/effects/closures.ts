import type { Span } from "../parse/syntax.ts";
import type { Run } from "./run.ts";
import { runBlock } from "./statements.ts";
import { type Closure, union, type Value } from "./values.ts";

const DEEPEST_CLOSURE = 4;

/** Runs a function that was defined inside this one, with the names it sees. */
export function callFunctionNode(run: Run, closure: Closure, values: readonly Value[], _span: Span): Value {
  if (run.closures >= DEEPEST_CLOSURE) return run.unknown();
  if (run.inlining) return run.inlining.closure(run, closure, values);
  const {
    env,
    guards,
    steps,
    results: outer,
  } = { env: run.env, guards: run.guards, steps: run.steps, results: run.results.length };
  run.closures++;
  run.env = new Map(closure.env);
  for (const [index, parameter] of closure.node.parameters.entries()) {
    const value = values[index];
    // `lambda order=order: …`: the default is the value that was meant.
    const fallback = parameter.fallback?.kind === "name" ? closure.env.get(parameter.fallback.id) : undefined;
    run.env.set(parameter.name, value ?? fallback ?? run.unknown());
  }
  run.steps = [...steps, { branch: run.program.fresh(), arm: 0 }];
  runBlock(run, closure.node.body);
  const results = run.results.splice(outer);
  run.env = env;
  run.guards = guards;
  run.steps = steps;
  run.closures--;
  const telling = results.find((one) => one.kind !== "scalar");
  return telling ?? run.scalar(union(...results.map((one) => one.deps)));
}
