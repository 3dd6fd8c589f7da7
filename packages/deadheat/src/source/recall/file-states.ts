import { type ReadSource, readSource } from "../load.ts";
import type { SourceFile } from "../project/files.ts";
import { sha256 } from "../stamp.ts";

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

export interface FilesRecord {
  /** Milliseconds; before any of the files was looked at. */
  readonly begun: number;
  readonly files: readonly FileState[];
}

/** A file today: what is known of it, or what was read of it since that does not hold any more. */
export interface FileToday {
  readonly file: SourceFile;
  readonly known?: FileState;
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
export function compareFiles(files: readonly SourceFile[], last: FilesRecord): Today {
  const known = new Map(last.files.map((one) => [one.path, one]));
  let isTouched = false;
  let isSame = files.length === last.files.length;
  const today = files.map((file): FileToday => {
    const kept = known.get(file.path);
    if (kept && isUntouched(file, kept, last.begun)) return { file, known: kept };
    isTouched = true;
    const read = readSource(file, sha256);
    if (kept && read.hash !== "" && read.hash === kept.hash)
      return { file, known: { ...kept, ...timesOf(file) } };
    isSame = false;
    return { file, read };
  });
  return { files: today, isSame, isTouched };
}

function isUntouched(file: SourceFile, kept: FileState, begun: number): boolean {
  const { size, modified, changed, inode } = kept;
  return (
    file.size === size &&
    file.modified === modified &&
    file.changed === changed &&
    file.inode === inode &&
    modified < begun - STEP &&
    changed < begun - STEP
  );
}

export function timesOf({
  size,
  modified,
  changed,
  inode,
}: SourceFile): Pick<FileState, "size" | "modified" | "changed" | "inode"> {
  return { size, modified, changed, inode };
}
