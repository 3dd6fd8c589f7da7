import type { Leaf } from "../plan/operation.ts";

/** `code` for `/data/code`. */
export function lastKey(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf("/") + 1);
}

export function looksLikeToken(leaf: Leaf): boolean {
  return leaf.type === "string" && /token|jwt|access|bearer|^\/key$/i.test(leaf.pointer);
}
