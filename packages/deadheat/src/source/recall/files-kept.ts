import type { FileState, ModuleState } from "./file-states.ts";
import { Misremembered } from "./misremembered.ts";
import type { Sections } from "./sections.ts";

/** Of each file: size, time of its content, time of all else, inode. */
const TIMES = 4;
/** Bytes: a digest of all of it, and one of what is outside of its functions. */
const DIGEST = 32;
const DIGESTS = 2 * DIGEST;
/** How many functions it has, and what else is known. */
const FACTS = 2;
const IS_READ = 1;
const IS_MODULE = 2;
const IS_WHOLE = 4;

type Times = Pick<FileState, "size" | "modified" | "changed" | "inode">;
/** A file by its number in what was kept, and how it looks from outside today; or all of it anew. */
export type FileRow = FileState | ({ readonly kept: number } & Times);

/** What is kept of files: in columns, so that a run that changes one of ten thousand makes no objects of the others. */
export class FilesKept {
  /** Milliseconds; before any of the files was looked at. */
  readonly begun: number;
  readonly paths: readonly string[];
  readonly #times: Float64Array;
  readonly #digests: Buffer;
  readonly #facts: Int32Array;
  /** What was said of a file: of most, nothing. */
  readonly #notes: ReadonlyMap<number, readonly string[]>;

  private constructor(
    begun: number,
    paths: readonly string[],
    columns: { readonly times: Float64Array; readonly digests: Buffer; readonly facts: Int32Array },
    notes: ReadonlyMap<number, readonly string[]>,
  ) {
    this.begun = begun;
    this.paths = paths;
    this.#times = columns.times;
    this.#digests = columns.digests;
    this.#facts = columns.facts;
    this.#notes = notes;
  }

  static read(sections: Sections): FilesKept {
    const { begun, notes } = sections.json<{ begun: number; notes: [number, string[]][] }>("files");
    const text = sections.bytes("paths").toString("utf8");
    const paths = text === "" ? [] : text.split("\0");
    const digests = sections.bytes("file digests");
    const [times, facts] = [sections.floats("times"), sections.ints("facts")];
    const { length } = paths;
    if (
      times.length !== TIMES * length ||
      facts.length !== FACTS * length ||
      digests.length !== DIGESTS * length
    )
      throw new Misremembered();
    return new FilesKept(begun, paths, { times, digests, facts }, new Map(notes));
  }

  /** `last`: that in which rows have their numbers. */
  static of(begun: number, rows: readonly FileRow[], last?: FilesKept): FilesKept {
    const times = new Float64Array(TIMES * rows.length);
    const facts = new Int32Array(FACTS * rows.length);
    const digests = Buffer.alloc(DIGESTS * rows.length);
    const notes = new Map<number, readonly string[]>();
    const kept = new FilesKept(
      begun,
      rows.map((one) => pathOf(one, last)),
      { times, digests, facts },
      notes,
    );
    for (const [file, row] of rows.entries()) {
      const { size, modified, changed, inode } = row;
      times.set([size, modified, changed, inode], TIMES * file);
      if (!("kept" in row)) kept.put(file, row, notes);
      else if (last) kept.copy(file, last, row.kept, notes);
    }
    return kept;
  }

  private put(file: number, { hash, notes, module }: FileState, all: Map<number, readonly string[]>): void {
    this.#digests.write(hash, DIGESTS * file, DIGEST, "hex");
    if (module) this.#digests.write(module.outside, DIGESTS * file + DIGEST, DIGEST, "hex");
    const isModule = module ? IS_MODULE | (module.isWhole ? IS_WHOLE : 0) : 0;
    this.#facts.set([module?.functions ?? 0, isModule | (hash === "" ? 0 : IS_READ)], FACTS * file);
    if (notes.length > 0) all.set(file, notes);
  }

  private copy(file: number, from: FilesKept, at: number, all: Map<number, readonly string[]>): void {
    from.#digests.copy(this.#digests, DIGESTS * file, DIGESTS * at, DIGESTS * (at + 1));
    this.#facts.set(from.#facts.subarray(FACTS * at, FACTS * (at + 1)), FACTS * file);
    const notes = from.#notes.get(at);
    if (notes) all.set(file, notes);
  }

  isOf(file: number, { size, modified, changed, inode }: Times): boolean {
    const at = TIMES * file;
    const times = this.#times;
    return (
      times[at] === size && times[at + 1] === modified && times[at + 2] === changed && times[at + 3] === inode
    );
  }

  /** Empty for one that could not be read. */
  hash(file: number): string {
    return this.has(file, IS_READ) ? this.digest(file, 0) : "";
  }

  notes(file: number): readonly string[] {
    return this.#notes.get(file) ?? [];
  }

  isModule(file: number): boolean {
    return this.has(file, IS_MODULE);
  }

  module(file: number): ModuleState {
    return {
      outside: this.digest(file, DIGEST),
      functions: this.functions(file),
      isWhole: this.isWhole(file),
    };
  }

  functions(file: number): number {
    return this.#facts[FACTS * file] as number;
  }

  isWhole(file: number): boolean {
    return this.has(file, IS_WHOLE);
  }

  private has(file: number, what: number): boolean {
    return ((this.#facts[FACTS * file + 1] as number) & what) !== 0;
  }

  private digest(file: number, from: number): string {
    const at = DIGESTS * file + from;
    return this.#digests.toString("hex", at, at + DIGEST);
  }

  sections(): Readonly<Record<string, unknown>> {
    return {
      files: { begun: this.begun, notes: [...this.#notes] },
      paths: this.paths.join("\0"),
      times: this.#times,
      "file digests": this.#digests,
      facts: this.#facts,
    };
  }
}

function pathOf(row: FileRow, last: FilesKept | undefined): string {
  const path = "kept" in row ? last?.paths[row.kept] : row.path;
  if (path === undefined) throw new Misremembered();
  return path;
}
