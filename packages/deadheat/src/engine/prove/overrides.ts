import type { Report } from "../../findings/report.ts";
import type { ClassName } from "../../source/index.ts";
import { exhibitsFor, isSame, routeOf } from "./correlate.ts";
import type { Documented } from "./running.ts";

/**
 * A method that several views inherit, proven to race behind some and raced clean behind others: the views that race
 * get it mended as their own, so that routes which are right stay as they are.
 */
export function overridesFor(
  report: Pick<Report, "findings" | "outcomes">,
  { gaps, routes }: Pick<Documented, "gaps" | "routes">,
): ReadonlyMap<string, readonly ClassName[]> {
  const overrides = new Map<string, readonly ClassName[]>();
  for (const gap of gaps) {
    const { finding, operations, hint } = gap;
    const racing = report.findings.filter((one) => exhibitsFor(one, gaps).includes(gap));
    if (hint || racing.length === 0) continue;
    const isRacing = (one: { readonly method: string; readonly path: string }) =>
      racing.some(({ operation }) => operation.method === one.method && operation.path === one.path);
    const isClean = operations.some(
      (one) =>
        !isRacing(one) &&
        report.outcomes.some(
          ({ operation, weakness, status }) =>
            status === "not-observed" &&
            isSame(weakness, finding.weakness) &&
            operation.method === one.method &&
            operation.path === one.path,
        ),
    );
    if (!isClean) continue;
    const views = operations.filter(isRacing).flatMap((one) => {
      const view = routeOf(one, routes)?.view;
      return view ? [{ file: view.module.path, name: view.name }] : [];
    });
    overrides.set(finding.fingerprint, [
      ...new Map(views.map((one) => [`${one.file} ${one.name}`, one])).values(),
    ]);
  }
  return overrides;
}
