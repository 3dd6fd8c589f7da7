import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "../version.ts";
import type { CheckReport } from "./finding.ts";
import type { SourceFile } from "./project/files.ts";

/**
 * The report of the last run over a folder, used again while not one byte of its sources has changed. What one
 * function does decides what is said of another, in other files: of a changed project all is analysed again.
 */
export class ReportCache {
  readonly #file: string;
  readonly #folder: string;
  readonly #key: string;

  /** `folder`: where reports are kept. `root`: what is checked; `files`: its sources, as they are now. */
  constructor(
    folder: string,
    root: string,
    files: readonly SourceFile[],
    options: { readonly tests: boolean },
  ) {
    this.#folder = folder;
    this.#key = keyOf(files, options);
    this.#file = join(folder, `check-${sha256(root).slice(0, 20)}${options.tests ? "-tests" : ""}.json`);
  }

  read(): CheckReport | undefined {
    try {
      const [key, sum, text] = split(readFileSync(this.#file, "utf8"));
      if (key !== this.#key || sum !== sha256(text)) return undefined;
      return JSON.parse(text) as CheckReport;
    } catch {
      // Not there, cut off, of another version: as good as none.
      return undefined;
    }
  }

  /** Another run may write at the same time: each writes a file of its own and renames it. */
  write(report: CheckReport): void {
    const text = JSON.stringify(report);
    const temporary = `${this.#file}.${randomUUID()}`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(join(this.#folder, ".gitignore"), "*\n");
      writeFileSync(temporary, `${this.#key}\n${sha256(text)}\n${text}`);
      renameSync(temporary, this.#file);
    } catch {
      // A full disk or a folder that may not be written to costs time, and nothing else.
      remove(temporary);
    }
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It could not be written either.
  }
}

function split(stored: string): [string, string, string] {
  const first = stored.indexOf("\n");
  const second = stored.indexOf("\n", first + 1);
  return [stored.slice(0, first), stored.slice(first + 1, second), stored.slice(second + 1)];
}

function keyOf(files: readonly SourceFile[], options: { readonly tests: boolean }): string {
  const hash = createHash("sha256").update(`${version} ${analyserStamp()} ${options.tests}`);
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

/** Sizes and times of the analyser's own files: who changes a rule wants to see what it says. */
function analyserStamp(): string {
  const own = fileURLToPath(new URL(".", import.meta.url));
  const hash = createHash("sha256");
  for (const name of readdirSync(own, { recursive: true, encoding: "utf8" }).sort()) {
    const stat = statSync(join(own, name), { throwIfNoEntry: false });
    hash.update(`${name} ${stat?.size} ${stat?.mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
