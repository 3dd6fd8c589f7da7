import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "../version.ts";

/** A value kept between runs. What was written under another key, cut off or changed is as good as not there. */
export class StampedFile<T> {
  readonly #folder: string;
  readonly #file: string;
  readonly #key: string;

  /** `key`: one line; all that the value depends on. */
  constructor(folder: string, name: string, key: string) {
    this.#folder = folder;
    this.#file = join(folder, name);
    this.#key = key;
  }

  read(): T | undefined {
    try {
      const [key, sum, text] = split(readFileSync(this.#file, "utf8"));
      if (key !== this.#key || sum !== sha256(text)) return undefined;
      return JSON.parse(text) as T;
    } catch {
      // Not there, cut off, of another version: as good as none.
      return undefined;
    }
  }

  /** Another run may write at the same time: each writes a file of its own and renames it. */
  write(value: T): void {
    const text = JSON.stringify(value);
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

/** The version, and sizes and times of the analyser's own files: who changes a rule wants to see what it says. */
export function analyserStamp(): string {
  const own = fileURLToPath(new URL(".", import.meta.url));
  const hash = createHash("sha256").update(version);
  for (const name of readdirSync(own, { recursive: true, encoding: "utf8" }).sort()) {
    const stat = statSync(join(own, name), { throwIfNoEntry: false });
    hash.update(`${name} ${stat?.size} ${stat?.mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
