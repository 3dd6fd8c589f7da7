import type { Operation } from "../plan/operation.ts";
import type { CheckReport, SourceFinding } from "../source/index.ts";

type Named = Pick<Operation, "method" | "path" | "operationId">;

/**
 * Ties findings to the operations of the API's document: a finding's route and an operation are the same where
 * method and path are, whatever the parameters are called and wherever the application is mounted. A route that
 * two operations fit is tied to neither.
 */
export function joinOperations(report: CheckReport, operations: readonly Named[]): CheckReport {
  return { ...report, findings: report.findings.map((one) => joined(one, operations)) };
}

function joined(finding: SourceFinding, operations: readonly Named[]): SourceFinding {
  const { route } = finding;
  if (!route) return finding;
  const found = operationOf(route, operations);
  if (!found) return finding;
  const { method, path, operationId } = found;
  return { ...finding, operation: { method, path, ...(operationId ? { operationId } : {}) } };
}

export function operationOf(
  route: { readonly method: string; readonly path: string },
  operations: readonly Named[],
): Named | undefined {
  const wanted = shapeOf(route.path);
  const ofMethod = operations.filter((one) => route.method === "ANY" || one.method === route.method);
  const same = ofMethod.filter((one) => shapeOf(one.path) === wanted);
  const near = same.length > 0 ? same : ofMethod.filter((one) => isMounted(shapeOf(one.path), wanted));
  return near.length === 1 ? near[0] : undefined;
}

/** `/orders/{pk}/` and `/orders/{id}` alike. */
function shapeOf(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}").replace(/\/+$/, "") || "/";
}

/** The one path is the other below a prefix: of a server, or of an `include` that was not seen. */
function isMounted(one: string, other: string): boolean {
  const [long, short] = one.length > other.length ? [one, other] : [other, one];
  return short !== "/" && long.endsWith(short);
}
