import type { RunningRoute } from "../plan/running-route.ts";
import type { Program } from "./effects/program.ts";
import type { ClassDefinition, FunctionDefinition, Module } from "./project/definitions.ts";
import { fromPath, fromRegex, type Route } from "./project/routes.ts";

/**
 * Routes of the running project with what the source has for them. Where the source declares the same route, its place
 * is that; elsewhere it is the view's.
 */
export function routesOfRunning(program: Program, running: readonly RunningRoute[]): Route[] {
  const declared = new Map(program.routes.map((one) => [keyOf(one), one]));
  return running
    .filter((one) => !isSuffixed(one))
    .flatMap((one) => routesOfOne(program, one))
    .map((one) => {
      const known = declared.get(keyOf(one));
      return known ? { ...one, module: known.module, start: known.start } : one;
    });
}

/** DRF answers `orders.json` as `orders/`, as a route of its own. */
function isSuffixed({ patterns }: RunningRoute): boolean {
  return patterns.some(({ text }) => /format_suffix|\(\?P<format>/.test(text));
}

function keyOf({ method, path }: Pick<Route, "method" | "path">): string {
  return `${method} ${path}`;
}

function routesOfOne(program: Program, one: RunningRoute): Route[] {
  const path = `/${one.patterns.map(({ kind, text }) => (kind === "route" ? fromPath(text) : fromRegex(text))).join("")}`;
  const [view, fn] = definitionsOf(program, one);
  const module = view?.module ?? fn?.module ?? program.project.modules[0];
  if (!module) return [];
  const common = {
    path: path.replace(/\/{2,}/g, "/"),
    authenticators: one.authenticators?.map(({ name }) => name) ?? [],
    permissions: one.permissions ?? [],
    ...(one.arguments ? { arguments: new Map(Object.entries(one.arguments)) } : {}),
    module,
    start: view?.start ?? fn?.start ?? 0,
  };
  const library = view || fn ? {} : { library: one.view ?? one.function };
  if (!one.actions || (!view && fn))
    return Object.keys(one.actions ?? { ANY: "" }).map((method) => ({
      ...common,
      ...library,
      method: method.toUpperCase(),
      ...(fn ? { entry: fn } : {}),
    }));
  return Object.entries(one.actions).map(([method, name]) => {
    const entry = view && program.project.method(view, name);
    return {
      ...common,
      ...library,
      method: method.toUpperCase(),
      ...(view ? { view } : {}),
      ...(entry ? { entry } : {}),
      ...(name === method ? {} : { action: name }),
    };
  });
}

/** The view's class, or the function: `@api_view` makes a class that is called as its function. */
function definitionsOf(
  { project }: Program,
  { view, function: fn }: RunningRoute,
): [ClassDefinition | undefined, FunctionDefinition | undefined] {
  const split = (dotted: string): [Module | undefined, string] => {
    const at = dotted.lastIndexOf(".");
    return [project.moduleNamed(dotted.slice(0, at)), dotted.slice(at + 1)];
  };
  for (const dotted of [view, fn]) {
    if (dotted === undefined) continue;
    const [module, name] = split(dotted);
    const cls = module?.classes.get(name);
    if (cls) return [cls, undefined];
    const found = module?.functions.get(name);
    if (found) return [undefined, found];
  }
  return [undefined, undefined];
}
