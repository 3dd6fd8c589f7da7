import type { Program } from "./effects/program.ts";
import { COMMON_METHODS } from "./facts/names.ts";
import type { SourceFinding } from "./finding.ts";
import { serializerNamed, serializerOf } from "./openapi/answer.ts";
import { nodesIn } from "./openapi/walk.ts";
import type { ClassDefinition, FunctionDefinition } from "./project/definitions.ts";
import { textOf } from "./project/project.ts";
import type { Route } from "./project/routes.ts";

const DEEPEST = 6;
/** A method of that name in more classes than this may be anybody's. */
const MOST_OWNERS = 2;

/** Which routes lead to a finding: as its path says, and by following calls from every handler. */
export class ReachedRoutes {
  readonly #byFunction = new Map<string, Route[]>();

  constructor(program: Program, routes: readonly Route[]) {
    for (const route of routes)
      for (const fn of functionsBehind(program, route)) {
        const key = keyOf(fn.module.path, fn.qualified);
        const known = this.#byFunction.get(key);
        if (known) known.push(route);
        else this.#byFunction.set(key, [route]);
      }
  }

  of(finding: SourceFinding): readonly Pick<Route, "method" | "path">[] {
    const found = this.#byFunction.get(keyOf(finding.file, finding.function)) ?? [];
    const own = finding.route ? [finding.route] : [];
    return [...new Map([...found, ...own].map((one) => [`${one.method} ${one.path}`, one])).values()];
  }
}

function keyOf(file: string, qualified: string): string {
  return `${file} ${qualified}`;
}

/** A handler and all that it may call. Of a library's own handler: the hooks that the project fills. */
export function functionsBehind(program: Program, route: Route): Set<FunctionDefinition> {
  const { project } = program;
  const { view, entry } = route;
  const found = new Set<FunctionDefinition>();
  const visit = (fn: FunctionDefinition | undefined, depth: number): void => {
    if (!fn || found.has(fn) || depth > DEEPEST) return;
    found.add(fn);
    for (const one of nodesIn(fn.decode())) {
      if (one.kind === "call")
        for (const called of calledBy(program, fn, route, one.callee)) visit(called, depth + 1);
      // `self.act(self.add, amount)`: what is handed over is called.
      if (one.kind === "attribute" && /^self\.\w+$/.test(textOf(one)) && view)
        visit(project.method(view, one.name), depth + 1);
    }
  };
  visit(entry, 0);
  if (view && (!entry || callsSuper(entry))) for (const name of HOOKS) visit(project.method(view, name), 1);
  const writes = /^(POST|PUT|PATCH|ANY)$/.test(route.method) && (!entry || usesSerializer(entry));
  const serializer = view && writes ? serializerOf(program, view, route.action) : undefined;
  for (const method of serializer ? methodsOf(program, serializer) : []) visit(method, 1);
  return found;
}

const HOOKS = ["perform_create", "perform_update", "perform_destroy", "get_object", "get_queryset"];
const SERIALIZER_METHODS = /^(create|update|save|validate(_\w+)?)$/;

function callsSuper(fn: FunctionDefinition): boolean {
  return /super\(/.test(fn.text());
}

function usesSerializer(fn: FunctionDefinition): boolean {
  return /serializer|super\(/.test(fn.text());
}

function methodsOf({ project }: Program, cls: ClassDefinition): FunctionDefinition[] {
  return project
    .lineage(cls)
    .classes.flatMap((one) => [...one.methods.values()])
    .filter((one) => SERIALIZER_METHODS.test(one.name));
}

function calledBy(
  program: Program,
  fn: FunctionDefinition,
  { view, action }: Route,
  callee: Parameters<typeof textOf>[0],
): readonly FunctionDefinition[] {
  const { project } = program;
  if (callee.kind === "attribute" && textOf(callee.object) === "self") {
    const owner = view && fn.owner && project.lineage(view).classes.includes(fn.owner) ? view : fn.owner;
    const own = owner && project.method(owner, callee.name);
    if (own) return [own];
  }
  if (callee.kind === "attribute" && textOf(callee.object) === "super") {
    const above = fn.owner && project.methodAbove(fn.owner, callee.name);
    if (above) return [above];
  }
  const serializer = serializerNamed(program, fn, view, callee, action);
  if (serializer) return methodsOf(program, serializer);
  const target =
    callee.kind === "name" || callee.kind === "attribute" ? project.resolve(fn.module, callee) : undefined;
  if (target?.kind === "function") return [target];
  if (callee.kind !== "attribute" || COMMON_METHODS.has(callee.name)) return [];
  const named = project.methodsNamed(callee.name);
  return named.length <= MOST_OWNERS ? named : [];
}
