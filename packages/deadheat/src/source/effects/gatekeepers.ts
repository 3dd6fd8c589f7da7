import type { Expression } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { callDefinition } from "./call-definition.ts";
import { truthDeps } from "./dependencies.ts";
import { ASKS, asking, runBefore } from "./prologue.ts";
import type { Run } from "./run.ts";
import type { Row, Value } from "./values.ts";

/** What DRF and Django call with a request, once those that are asked before it have let it pass. */
const HANDLER =
  /^(get|post|put|patch|delete|create|update|partial_update|destroy|perform_(create|update|destroy)|form_valid)$/;
const EXTRA_ACTION = /^\s*@(\w+\.)?(action|detail_route|list_route)\b/m;
const OF_ROWS = "has_object_permission";
/** Lists of classes that are asked, and the method that answers. */
export const GATES: Readonly<Record<string, string>> = {
  permission_classes: "has_permission",
  throttle_classes: "allow_request",
};
const GIVES: Readonly<Record<string, string>> = {
  get_permissions: "has_permission",
  get_throttles: "allow_request",
};

export interface Gatekeeper {
  readonly cls: ClassDefinition;
  readonly method: FunctionDefinition;
}

/**
 * Permissions, throttles, `test_func`, and what a view's own `dispatch` and `initial` ask: a request reaches the
 * handler only where they have let it pass, so what they asked holds for what the handler writes.
 */
export function askGatekeepers(run: Run, parameters: ReadonlyMap<string, Value>): void {
  const { fn, program } = run;
  if (run.inlining || !isHandler(fn)) return;
  const [self, ...given] = [...parameters.values()];
  const view = fn.owner;
  if (view && self) {
    const request = /request/.test([...parameters.keys()][1] ?? "") ? given[0] : undefined;
    runAround(run, self, request);
    for (const { cls, method } of gatekeepersOf(run, fn))
      if (isAboutRequest(method)) askOne(run, method, cls, [request ?? run.unknown(), self]);
    const test = program.project.method(view, "test_func");
    if (test && ASKS.test(test.text()))
      passOnly(
        run,
        asking(run, () => callDefinition(run, test, self, [], at(run), {})),
        test,
      );
    askAboutInstance(run, parameters);
  } else
    for (const { cls, method } of gatekeepersOf(run, fn))
      if (isAboutRequest(method)) askOne(run, method, cls, [self ?? run.unknown(), run.unknown()]);
}

function isAboutRequest(method: FunctionDefinition): boolean {
  return method.name !== OF_ROWS && ASKS.test(method.text());
}

function isHandler(fn: FunctionDefinition): boolean {
  if (fn.owner && HANDLER.test(fn.name)) return true;
  if (!fn.module.source.text.startsWith("@", fn.start)) return false;
  return fn.owner ? EXTRA_ACTION.test(fn.head()) : /^\s*@(\w+\.)?permission_classes\b/m.test(fn.head());
}

const at = ({ fn }: Run) => ({ start: fn.start, end: fn.start });

function askOne(run: Run, method: FunctionDefinition, cls: ClassDefinition, given: readonly Value[]): void {
  const self = run.row("self", `#${cls.name}`, { cls, parameter: "self" });
  passOnly(
    run,
    asking(run, () => callDefinition(run, method, self, given, at(run), {})),
    method,
  );
}

/** What follows happens where the answer was yes. */
export function passOnly(run: Run, answer: Value, method: FunctionDefinition): void {
  const deps = truthDeps(answer);
  if (deps.length === 0) return;
  const isTruth = answer.kind === "scalar";
  run.missing = new Map(isTruth ? (answer.missing ?? []) : []);
  const guard = run.guard("test", deps, at(run), isTruth && answer.ordered === true);
  const branch = run.program.fresh();
  const site = { fn: method, start: method.start, end: method.start };
  Object.assign(guard, { branch, refuses: true, site });
  run.steps = [...run.steps, { branch, arm: 0 }];
  run.guards = [...run.guards, guard];
}

/** The nearest `dispatch` and `initial` of the view's own; what they set on the view, the handler finds there. */
function runAround(run: Run, self: Value, request: Value | undefined): void {
  const { project } = run.program;
  for (const name of ["dispatch", "setup", "initial"])
    for (const { methods } of project.lineage(run.fn.owner!).classes) {
      const own = methods.get(name);
      if (!own || own === run.fn) continue;
      run.program.noteRead(own);
      if (!ASKS.test(own.text())) continue;
      const callsOn = name === "dispatch" ? { callsOn: /\bsuper\([^)]*\)\.dispatch\(/ } : {};
      runBefore(run, { fn: own, node: own.decode(), ...callsOn }, [self, request ?? run.unknown()]);
    }
}

/** Those that are asked before `fn`: of the action itself, of `get_permissions`, or of the view. */
function gatekeepersOf(run: Run, fn: FunctionDefinition): readonly Gatekeeper[] {
  const { project } = run.program;
  const found: Gatekeeper[] = [];
  const own = listsOfDecorators(fn);
  for (const [list, method] of Object.entries(GATES)) {
    const given = own.get(list);
    const attribute = given ? undefined : fn.owner && project.attribute(fn.owner, list);
    const module = attribute?.owner.module ?? fn.module;
    const expression = given ?? attribute?.value;
    for (const one of expression ? classesIn(expression) : []) {
      const cls = project.resolve(module, one);
      if (cls?.kind === "class") add(run, found, cls, method);
    }
  }
  for (const [name, method] of Object.entries(GIVES)) {
    const gives = fn.owner && project.method(fn.owner, name);
    if (!gives || own.size > 0) continue;
    run.program.noteRead(gives);
    for (const [, word] of gives.text().matchAll(/\b([A-Z]\w+)/g)) {
      const cls = project.lookup(gives.module, word as string);
      if (cls?.kind === "class") add(run, found, cls, method);
    }
  }
  return found;
}

function add({ program }: Run, found: Gatekeeper[], cls: ClassDefinition, name: string): void {
  for (const one of name === "has_permission" ? [name, OF_ROWS] : [name]) {
    const method = program.project.method(cls, one);
    if (method && !found.some((known) => known.method === method)) found.push({ cls, method });
  }
}

/** `@action(permission_classes=[…])`, `@permission_classes([…])`. */
function listsOfDecorators(fn: FunctionDefinition): ReadonlyMap<string, Expression> {
  const found = new Map<string, Expression>();
  if (!fn.module.source.text.startsWith("@", fn.start)) return found;
  for (const one of fn.signature().decorators) {
    if (one.kind !== "call") continue;
    const last = textOf(one).split(".").at(-1) ?? "";
    if (GATES[last] && one.args[0]) found.set(last, one.args[0].value);
    for (const { name, value } of one.args) if (name && GATES[name]) found.set(name, value);
  }
  return found;
}

/** `[IsAuthenticated, Quota & ~Closed(3)]`: whoever must have said yes. */
export function classesIn(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "sequence":
      return expression.items.flatMap(classesIn);
    case "binary":
      return expression.operator === "|"
        ? []
        : [...classesIn(expression.left), ...classesIn(expression.right)];
    case "call":
      return [expression.callee];
    case "name":
    case "attribute":
      return [expression];
    default:
      return [];
  }
}

/** `get_object()` and `check_object_permissions(request, row)` ask about the row. */
export function askAboutObject(run: Run, self: Value, row: Value): void {
  if (run.inlining || row.kind !== "row") return;
  for (const { cls, method } of gatekeepersOf(run, run.fn))
    if (method.name === OF_ROWS) askOne(run, method, cls, [run.unknown(), self, row]);
}

/** Before `perform_update(serializer)` the framework has got the row, and asked about it. */
function askAboutInstance(run: Run, parameters: ReadonlyMap<string, Value>): void {
  const [self, given] = [...parameters.values()];
  if (!self || given?.kind !== "row" || !/^perform_(update|destroy)$/.test(run.fn.name)) return;
  const row = run.fn.name === "perform_destroy" ? given : run.attribute(given, "instance");
  if (row) askAboutObject(run, self, row as Row);
}
