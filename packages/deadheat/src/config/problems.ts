import { DeadheatError, type ErrorCode } from "../errors.ts";
import type { Path, Position, Source } from "./source.ts";

/** Something wrong with the file at one place. */
export interface Problem {
  readonly at: Position;
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
  readonly code: ErrorCode;
}

/** What kind of file it is about. */
export interface Kind {
  readonly code: ErrorCode;
  /** Where its keys are explained. */
  readonly hint: string;
}

export const CONFIG: Kind = {
  code: "config-invalid",
  hint: "Every key is explained in docs/config.md.",
};

/** For what was not read from a file: there is no line to name. */
export const NOWHERE: Position = { line: 0, column: 0 };

/** Collects what is wrong, so that one message can name the first and count the others. */
export class Problems {
  readonly #found: Problem[] = [];
  readonly #file: string;
  readonly source: Source;
  readonly kind: Kind;

  constructor(file: string, source: Source, kind = CONFIG) {
    this.#file = file;
    this.source = source;
    this.kind = kind;
  }

  add(
    path: Path,
    message: string,
    hint = this.kind.hint,
    code = this.kind.code,
    at = this.source.locate(path),
  ): void {
    this.#found.push({ at, path, message, hint, code });
  }

  /** `deadheat.yaml:12:7: principals.alice.token`, for a message about that place. */
  place(path: Path): string {
    return placeOf(this.#file, this.source.locate(path), path);
  }

  /** Throws where something was found: the first in the order of the file, and how many more there are. */
  assertNone(): void {
    const [first, ...others] = this.#found.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
    if (!first) return;
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    const place = placeOf(this.#file, first.at, first.path);
    throw new DeadheatError(first.code, `${place}: ${first.message}${more}`, first.hint);
  }
}

function placeOf(file: string, at: Position, path: Path): string {
  const where = at.line === 0 ? file : `${file}:${at.line}:${at.column}`;
  return path.length === 0 ? where : `${where}: ${path.map(shown).join(".")}`;
}

/** A key may be a secret in the wrong place: only what looks like a name is repeated. Random texts have digits. */
export function shown(key: string | number): string {
  const text = String(key);
  const digits = text.replace(/\D/g, "").length;
  return /^[\w./{}-]{1,60}$/.test(text) && digits <= 3 ? text : "…";
}
