import type { Operation } from "../plan/operation.ts";
import { once } from "./lookup.ts";

/** The bearer schemes of a document, those first that are used nearest to a path: an open operation names none. */
export function schemesNear(path: string, all: readonly Operation[]): string[] {
  const { schemes, byBeginning } = once(all, usedIn);
  // Nothing can be nearer than what the only scheme is used by.
  if (schemes.length < 2) return [...schemes];
  const near = new Set<string>();
  for (let end = path.length; end >= 0; end = end === 0 ? -1 : Math.max(path.lastIndexOf("/", end - 1), 0))
    for (const scheme of byBeginning.get(path.slice(0, end)) ?? []) near.add(scheme);
  return [...near];
}

/** The schemes that operations use, by every beginning of their paths. */
function usedIn(all: readonly Operation[]) {
  const byBeginning = new Map<string, Set<string>>();
  for (const { path, bearer } of all)
    for (
      let end = path.length;
      end >= 0;
      end = end === 0 ? -1 : Math.max(path.lastIndexOf("/", end - 1), 0)
    ) {
      const beginning = path.slice(0, end);
      const known = byBeginning.get(beginning) ?? new Set();
      for (const scheme of bearer) known.add(scheme);
      byBeginning.set(beginning, known);
    }
  return { schemes: [...(byBeginning.get("") ?? [])], byBeginning };
}

/** How many segments two paths begin with alike. */
export function shared(a: string, b: string): number {
  const right = b.split("/");
  const differs = a.split("/").findIndex((segment, index) => segment !== right[index]);
  return differs < 0 ? right.length : differs;
}
