import type { Program } from "./effects/program.ts";
import type { Site } from "./effects/values.ts";
import type { FindingStep, SourceFinding } from "./finding.ts";
import type { FunctionDefinition } from "./project/definitions.ts";
import type { Route } from "./project/routes.ts";
import type { Candidate } from "./rules/rule.ts";

const FARTHEST = 6;

interface Entry {
  readonly steps: readonly FindingStep[];
  readonly route?: NonNullable<SourceFinding["route"]>;
  readonly operation?: NonNullable<SourceFinding["operation"]>;
}

type Led = Pick<Candidate, "at" | "leftOpenBy">;

/** How a request gets to the gap: the route, and who is asked to authenticate it. */
export function entryOf(candidate: Led, program: Program): Entry {
  const found = wayTo(candidate, program);
  if (!found) return { steps: [] };
  const { route, calls } = found;
  const line = route.module.source.lineAt(route.start);
  const steps: FindingStep[] = [
    {
      file: route.module.path,
      line,
      role: "route",
      text: route.module.source.line(line),
      function: "urlpatterns",
    },
  ];
  const view = route.view?.module.source;
  if (route.authenticators.length > 0 && route.entry) {
    const { module, start } = route.view ?? route.entry;
    const at = module.source.lineAt(start);
    steps.push({
      file: module.path,
      line: at,
      role: "authentication",
      text: (view ?? module.source).line(at),
      function: route.entry.qualified,
      note: `${route.authenticators.map((one) => one.split(".").at(-1)).join(", ")}, before the handler and outside of its transaction`,
    });
  }
  for (const { fn, start } of calls) {
    const at = fn.module.source.lineAt(start);
    steps.push({
      file: fn.module.path,
      line: at,
      role: "call",
      text: fn.module.source.line(at),
      function: fn.qualified,
    });
  }
  const way = { method: route.method, path: route.path };
  return { steps, route: way, ...(route.method === "ANY" ? {} : { operation: way }) };
}

export interface Way {
  readonly route: Route;
  /** Calls from the route's handler to the effect's function, outermost first. */
  readonly calls: readonly Site[];
}

/** Up through the callers, the nearest first, to one that a route leads to. */
export function wayTo({ at: effect, leftOpenBy }: Led, program: Program): Way | undefined {
  const start = effect.trail[0]?.fn ?? effect.site.fn;
  const seen = new Set([start]);
  let ways: { readonly fn: FunctionDefinition; readonly calls: readonly Site[] }[] = [
    { fn: start, calls: [] },
  ];
  for (let distance = 0; distance <= FARTHEST; distance++) {
    for (const { fn, calls } of ways) {
      const route = program.routeTo(fn);
      if (route) return { route, calls };
    }
    ways = ways.flatMap(({ fn, calls }) =>
      program.callsOf(fn).flatMap((from) => {
        if (seen.has(from.fn) || leftOpenBy?.get(fn)?.has(from.fn) === false) return [];
        seen.add(from.fn);
        return [{ fn: from.fn, calls: [from, ...calls] }];
      }),
    );
  }
  return undefined;
}
