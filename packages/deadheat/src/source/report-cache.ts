import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { CheckReport } from "./finding.ts";
import type { SourceFile } from "./project/files.ts";
import { StampedFile, sha256 } from "./stamped-file.ts";

/** The report of the last run over a folder, used again while not one byte of its sources has changed. */
export function reportFile(
  folder: string,
  root: string,
  files: readonly SourceFile[],
  options: { readonly tests: boolean; readonly stamp: string },
): StampedFile<CheckReport> {
  return new StampedFile(folder, nameOf("check", root, options), keyOf(files, options));
}

/** `root`: what is checked. */
export function nameOf(kind: string, root: string, options: { readonly tests: boolean }): string {
  return `${kind}-${sha256(root).slice(0, 20)}${options.tests ? "-tests" : ""}.json`;
}

function keyOf(
  files: readonly SourceFile[],
  options: { readonly tests: boolean; readonly stamp: string },
): string {
  const hash = createHash("sha256").update(`${options.stamp} ${options.tests}`);
  for (const file of files) {
    hash.update(`\0${file.path}\0${file.size}\0`);
    try {
      hash.update(readFileSync(file.absolute));
    } catch {
      hash.update("unreadable");
    }
  }
  return hash.digest("hex");
}
