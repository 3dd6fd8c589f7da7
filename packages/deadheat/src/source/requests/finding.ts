import { createHash } from "node:crypto";
import type { Site } from "../effects/values.ts";
import type { FindingStep, SourceFinding } from "../finding.ts";
import type { RequestGap, RequestRule } from "./rule.ts";
import type { RequestTrace } from "./trace.ts";

export function findingOf(rule: RequestRule, gap: RequestGap, trace: RequestTrace): SourceFinding {
  const { route } = trace;
  const { site } = gap.write;
  const { module } = site.fn;
  const line = module.source.lineAt(site.start);
  const own = gap.path.map(
    ({ role, site, note }): FindingStep => ({
      ...placeOf(site),
      role,
      ...(note ? { note } : {}),
    }),
  );
  const way = { method: route.method, path: route.path };
  const fingerprint = createHash("sha256")
    .update(
      [rule.id, module.path, site.fn.qualified, module.source.line(line), route.method, route.path].join(
        "\0",
      ),
    )
    .digest("hex")
    .slice(0, 16);
  return {
    rule: rule.id,
    weakness: rule.weakness,
    severity: rule.severity,
    confidence: "low",
    file: module.path,
    line,
    endLine: module.source.lineAt(Math.max(site.start, site.end - 1)),
    function: site.fn.qualified,
    path: [...entrySteps(trace, own), ...own],
    fixable: false,
    title: rule.title,
    message: gap.message,
    because: gap.because,
    interleaving: gap.interleaving,
    fix: rule.fix,
    fingerprint,
    route: way,
    ...(route.method === "ANY" ? {} : { operation: way }),
  };
}

/** The route, and a library's authenticator at the view that it stands before. */
function entrySteps({ route, authentication }: RequestTrace, own: readonly FindingStep[]): FindingStep[] {
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
  const view = route.view ?? route.entry;
  if (authentication && view && !own.some((one) => one.role === "authentication")) {
    const at = view.module.source.lineAt(view.start);
    steps.push({
      file: view.module.path,
      line: at,
      role: "authentication",
      text: view.module.source.line(at),
      function: view.name,
      note: `${authentication.name}${authentication.library ? ` ${authentication.library.does}` : ""}, before the handler and outside of its transaction`,
    });
  }
  return steps;
}

function placeOf(site: Site): Omit<FindingStep, "role"> {
  const { module } = site.fn;
  const line = module.source.lineAt(site.start);
  return { file: module.path, line, text: module.source.line(line), function: site.fn.qualified };
}
