import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The contents of every file in a folder and below it. */
export function textsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}
