import type { Leaf } from "../plan/operation.ts";

export function looksLikeToken(leaf: Leaf): boolean {
  return leaf.type === "string" && /token|jwt|access|bearer|^\/key$/i.test(leaf.pointer);
}
