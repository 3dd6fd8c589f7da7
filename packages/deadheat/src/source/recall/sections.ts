import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { Misremembered } from "./misremembered.ts";

interface Place {
  readonly at: number;
  readonly size: number;
  readonly sum: number;
}

/**
 * Sums of pieces as they were read: those are written again as they are, and whether they are whole is looked at when
 * somebody wants to know what is in them. The sums are against accidents.
 */
const KNOWN_SUMS = new WeakMap<Uint8Array, number>();

/**
 * Named pieces of one file, each read where somebody asks for it: the last run's memory. What was written under another
 * key, cut off or changed is as good as not there.
 */
export class Sections {
  readonly #bytes: Buffer;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #known = new Map<string, Buffer>();

  private constructor(bytes: Buffer, places: ReadonlyMap<string, Place>) {
    this.#bytes = bytes;
    this.#places = places;
  }

  /** `key`: one line; all that the pieces depend on. */
  static read(file: string, key: string): Sections | undefined {
    try {
      const bytes = readFileSync(file);
      const first = bytes.indexOf(10);
      const second = bytes.indexOf(10, first + 1);
      const third = bytes.indexOf(10, second + 1);
      if (first < 0 || third < 0 || bytes.toString("utf8", 0, first) !== key) return undefined;
      const directory = bytes.toString("utf8", second + 1, third);
      if (String(crc32(directory)) !== bytes.toString("utf8", first + 1, second)) return undefined;
      const rows = JSON.parse(directory) as [string, number, number, number][];
      const places = new Map(rows.map(([name, at, size, sum]) => [name, { at: third + 1 + at, size, sum }]));
      return new Sections(bytes, places);
    } catch {
      // Not there, cut off, of another version: as good as none.
      return undefined;
    }
  }

  /** All pieces, as they are. */
  all(): Readonly<Record<string, Uint8Array>> {
    const pieces: Record<string, Uint8Array> = {};
    for (const [name, { at, size, sum }] of this.#places) {
      const piece = this.#bytes.subarray(at, at + size);
      if (piece.length !== size) throw new Misremembered();
      KNOWN_SUMS.set(piece, sum);
      pieces[name] = piece;
    }
    return pieces;
  }

  bytes(name: string): Buffer {
    const known = this.#known.get(name);
    if (known) return known;
    const place = this.#places.get(name);
    const found = place && this.#bytes.subarray(place.at, place.at + place.size);
    if (found?.length !== place?.size || !found || crc32(found) !== place?.sum) throw new Misremembered();
    this.#known.set(name, found);
    return found;
  }

  json<T>(name: string): T {
    try {
      return JSON.parse(this.bytes(name).toString("utf8")) as T;
    } catch (error) {
      if (error instanceof SyntaxError) throw new Misremembered();
      throw error;
    }
  }

  ints(name: string): Int32Array {
    return new Int32Array(this.aligned(name, 4));
  }

  floats(name: string): Float64Array {
    return new Float64Array(this.aligned(name, 8));
  }

  /** A copy: where it begins in the file is no multiple of anything. */
  private aligned(name: string, size: number): ArrayBuffer {
    const bytes = this.bytes(name);
    if (bytes.length % size !== 0) throw new Misremembered();
    return new Uint8Array(bytes).buffer;
  }
}

export function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof Int32Array || value instanceof Float64Array)
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
}

/** Another run may write at the same time: each writes a file of its own and renames it. */
export function writeSections(file: string, key: string, sections: Readonly<Record<string, unknown>>): void {
  const rows: [string, number, number, number][] = [];
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [name, value] of Object.entries(sections)) {
    const bytes = bytesOf(value);
    rows.push([name, at, bytes.length, KNOWN_SUMS.get(bytes) ?? crc32(bytes)]);
    parts.push(bytes);
    at += bytes.length;
  }
  const directory = JSON.stringify(rows);
  const temporary = `${file}.${randomUUID()}`;
  try {
    makeFolder(dirname(file));
    const opened = openSync(temporary, "wx");
    try {
      writeFileSync(opened, `${key}\n${crc32(directory)}\n${directory}\n`);
      for (const part of parts) writeFileSync(opened, part);
    } finally {
      closeSync(opened);
    }
    renameSync(temporary, file);
  } catch {
    // A full disk or a folder that may not be written to costs time, and nothing else.
    remove(temporary);
  }
}

/** Nothing in it is anybody else's business. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, ".gitignore"), "*\n");
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It could not be written either.
  }
}
