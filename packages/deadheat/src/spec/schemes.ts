import type { Operation } from "../plan/operation.ts";

/** The bearer schemes of a document, those first that are used nearest to a path: an open operation names none. */
export function schemesNear(path: string, all: readonly Operation[]): string[] {
  const nearness = new Map<string, number>();
  for (const operation of all)
    for (const scheme of operation.bearer)
      nearness.set(scheme, Math.max(nearness.get(scheme) ?? 0, shared(path, operation.path)));
  return [...nearness].sort(([, a], [, b]) => b - a).map(([scheme]) => scheme);
}

/** How many segments two paths begin with alike. */
export function shared(a: string, b: string): number {
  const right = b.split("/");
  const differs = a.split("/").findIndex((segment, index) => segment !== right[index]);
  return differs < 0 ? right.length : differs;
}
