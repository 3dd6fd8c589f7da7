import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Patch } from "./project.ts";

/** Writes the patched files under the project (a folder, or the one file that was fixed). */
export function writePatches(path: string, patches: readonly Pick<Patch, "file" | "text">[]): void {
  const root = statSync(path).isFile() ? dirname(path) : path;
  for (const { file, text } of patches) {
    const target = join(root, file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
