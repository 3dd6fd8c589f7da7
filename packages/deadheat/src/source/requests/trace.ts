import type { Given } from "../effects/arguments.ts";
import { callDefinition } from "../effects/call-definition.ts";
import { callValue } from "../effects/calls.ts";
import { beginTransaction } from "../effects/contexts.ts";
import { wrapsInTransaction } from "../effects/decorators.ts";
import { truthDeps } from "../effects/dependencies.ts";
import type { Effect, Guard } from "../effects/effect.ts";
import { evaluate } from "../effects/expressions.ts";
import { Inlining } from "../effects/inlining.ts";
import type { Program } from "../effects/program.ts";
import { Run } from "../effects/run.ts";
import { NONE, type Row, type Value } from "../effects/values.ts";
import type { Expression } from "../parse/syntax.ts";
import { classNamed } from "../project/class-named.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import type { Route } from "../project/routes.ts";
import { type Authentication, authenticate } from "./authentication.ts";

/** What one request does: authentication, permissions, then the handler with all that it calls, in order. */
export interface RequestTrace {
  readonly program: Program;
  readonly route: Route;
  readonly effects: readonly Effect[];
  readonly guards: readonly Guard[];
  readonly authentication?: Authentication;
  /** Sequence number after which the handler runs. */
  readonly handlerFrom: number;
}

const HOOKS: Readonly<Record<string, string>> = {
  create: "perform_create",
  post: "perform_create",
  update: "perform_update",
  put: "perform_update",
  partial_update: "perform_update",
  patch: "perform_update",
  destroy: "perform_destroy",
  delete: "perform_destroy",
};

/** `undefined` where no function of the project answers, or where something around the handler is not understood. */
export function traceRequest(program: Program, route: Route): RequestTrace | undefined {
  const { project } = program;
  const { view } = route;
  const hook = HOOKS[route.action ?? route.method.toLowerCase()];
  const handler = route.entry ?? (view && hook ? project.method(view, hook) : undefined);
  if (!handler || (view && isWrapped(program, route))) return undefined;
  const self: Row | undefined =
    view && new Run(program, handler).row("self", "#view", { cls: view, parameter: "self" });
  const run = new Run(program, handler, new Inlining((of, row, name) => known(of, row, name, self, route)));
  const request = run.row("parameter", "request", { parameter: "request" });
  if (view && wrapsInTransaction(project, view, handler)) beginTransaction(run, handler);
  const authentication = authenticate(run, route, request);
  askPermissions(run, route, request, self);
  const handlerFrom = run.seq;
  const target: Value = { kind: "function", fn: handler, dotted: handler.qualified, deps: NONE };
  if (handler !== route.entry) callDefinition(run, handler, self, [], handler, {});
  else {
    const args = self ? [self, request] : [request];
    const { value, bound } = decorated(run, handler, target, self, route);
    callValue(run, value, given(bound ? [request] : args), handler, {}, handler.name);
  }
  return {
    program,
    route,
    effects: run.effects,
    guards: run.allGuards,
    handlerFrom,
    ...(authentication ? { authentication } : {}),
  };
}

/** A `dispatch` or `initial` of the project's own may lock whatever it likes. */
function isWrapped({ project }: Program, { view }: Route): boolean {
  if (!view) return false;
  return ["dispatch", "initial", "initialize_request"].some((name) => {
    const own = project.method(view, name);
    return own !== undefined && /atomic|select_for_update|lock/i.test(own.text());
  });
}

function given(positional: readonly Value[]): Given {
  return { expressions: [], values: positional, positional, named: new Map() };
}

/** `as_view(scheme=Token)`, and constants of a class. */
function known(run: Run, row: Row, name: string, self: Row | undefined, route: Route): Value | undefined {
  const { project, models } = run.program;
  const argument = row === self ? route.arguments?.get(name) : undefined;
  if (argument && "value" in argument) return run.scalar(NONE, { literal: argument.value });
  if (argument) {
    const cls = classNamed(project, route.module, argument.class);
    if (!cls) return undefined;
    const model = models.isModel(cls) ? { model: models.of(cls) } : {};
    return { kind: "class", cls, ...model, dotted: cls.name, deps: NONE };
  }
  if (!row.cls || row.model) return undefined;
  const constant = project.attribute(row.cls, name)?.value;
  return constant?.kind === "constant" && typeof constant.value === "boolean"
    ? run.scalar(NONE, { literal: constant.value })
    : undefined;
}

/** What a permission class asks is a condition of all that follows. */
function askPermissions(run: Run, route: Route, request: Row, self: Row | undefined): void {
  const { project } = run.program;
  for (const name of route.permissions) {
    const cls = classNamed(project, route.view?.module ?? route.entry?.module ?? route.module, name);
    const method = cls && project.method(cls, "has_permission");
    if (!method) continue;
    const permission = run.row("self", `#${name}`, { cls, parameter: "self" });
    const view = self ?? run.unknown();
    const answer = callDefinition(run, method, permission, [request, view], method, {});
    const deps = truthDeps(answer);
    if (deps.length > 0) run.guards = [...run.guards, run.guard("test", deps, method)];
  }
}

/** The handler as the project's decorators make it: `@token_required` looks the token up and hands the user on. */
function decorated(
  run: Run,
  handler: FunctionDefinition,
  target: Value & { readonly kind: "function" },
  self: Row | undefined,
  { view }: Route,
): { readonly value: Value; readonly bound: boolean } {
  const own = handler.signature().decorators;
  const onClass = (view?.decorators ?? []).filter((one) => textOf(one).endsWith("method_decorator"));
  const inner = [...onClass, ...own].flatMap((one) => insideMethodDecorator(one) ?? []);
  const bound = inner.length > 0 && self !== undefined;
  let value: Value = bound ? { ...target, self } : target;
  for (const one of [...(bound ? inner : own)].reverse()) {
    const callee = one.kind === "call" ? one.callee : one;
    if (run.program.project.resolve(handler.module, callee)?.kind !== "function") continue;
    const made = callValue(run, evaluate(run, one), given([value]), one, {}, textOf(callee));
    if (made.kind === "function") value = made;
  }
  return { value, bound };
}

function insideMethodDecorator(expression: Expression): Expression | undefined {
  if (expression.kind !== "call" || !textOf(expression).endsWith("method_decorator")) return undefined;
  return expression.args[0]?.value;
}
