import { type ReadSource, readSource } from "../load.ts";
import type { SourceFile } from "../project/files.ts";
import { sha256 } from "../stamp.ts";
import type { FileRow, FilesKept } from "./files-kept.ts";
import { Misremembered } from "./misremembered.ts";

/** What is kept of a file. */
export interface FileState {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
  readonly inode: number;
  readonly hash: string;
  /** What was said of it. */
  readonly notes: readonly string[];
  /** Of one that may be about rows. */
  readonly module?: ModuleState;
}

export interface ModuleState {
  /** Of all but comments and the bodies of functions. */
  readonly outside: string;
  readonly functions: number;
  /** Its functions cannot be parsed one by one. */
  readonly isWhole: boolean;
}

/** A file today: its number in what is known, or what was read of it since that does not hold any more. */
export interface FileToday {
  readonly file: SourceFile;
  readonly known?: number;
  readonly read?: ReadSource;
}

/** File systems count time in steps: what was written within one of them may look as if nothing had been. */
const STEP = 2000;

export interface Today {
  readonly files: readonly FileToday[];
  /** The same files, with nothing in them changed. */
  readonly isSame: boolean;
  /** Some had to be read to know that. */
  readonly isTouched: boolean;
}

/**
 * Compares a folder with what was kept of it: a file whose size, times and inode are what they were is not read. As in
 * git's index, times tell nothing of what was written about the time when it was looked at.
 */
export function compareFiles(files: readonly SourceFile[], last: FilesKept): Today {
  const { paths, begun } = last;
  let places: ReadonlyMap<string, number> | undefined;
  const placeOf = (path: string, index: number): number | undefined => {
    // Nearly always all are where they were.
    if (paths[index] === path) return index;
    places ??= new Map(paths.map((one, place) => [one, place]));
    return places.get(path);
  };
  let isTouched = false;
  let isSame = files.length === paths.length;
  const today = files.map((file, index): FileToday => {
    const known = placeOf(file.path, index);
    const isLongAgo = file.modified < begun - STEP && file.changed < begun - STEP;
    if (known !== undefined && isLongAgo && last.isOf(known, file)) return { file, known };
    isTouched = true;
    const read = readSource(file, sha256);
    if (known !== undefined && read.hash !== "" && read.hash === last.hash(known)) return { file, known };
    isSame = false;
    return { file, read };
  });
  return { files: today, isSame, isTouched };
}

/** What is to be kept of a file that is what it was. */
export function keptAsItIs({ file, known }: FileToday): FileRow {
  if (known === undefined) throw new Misremembered();
  return { kept: known, ...timesOf(file) };
}

export function timesOf({
  size,
  modified,
  changed,
  inode,
}: SourceFile): Pick<FileState, "size" | "modified" | "changed" | "inode"> {
  return { size, modified, changed, inode };
}
