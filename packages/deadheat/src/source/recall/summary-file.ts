import { randomUUID } from "node:crypto";
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { makeFolder } from "./sections.ts";

/** Where in the file something is: from its start, in bytes, and a sum against accidents (of 32 bits, signed). */
export interface Place {
  readonly at: number;
  readonly length: number;
  readonly sum: number;
}

/** Before all else in the file stands which file it is: who knows places of another one finds nothing in it. */
const NAME = 36;
/** Bytes that are written together. */
const CHUNK = 1 << 20;

/**
 * Pieces behind one another, each read by its place: a run that needs ten of twenty thousand reads ten, and adds its own
 * at the end. Whatever is wrong with the file (cut off, somebody else's, on a disk that is full), pieces are missing;
 * who wants one can make it anew.
 */
export class SummaryFile {
  readonly #path: string;
  #name: string | undefined;
  /** What is written to until `finish`: the file itself, or one that is to take its place. */
  #out: { readonly file: number; readonly temporary?: string } | undefined;
  #chunk: Buffer[] = [];
  #waiting = 0;
  #end = 0;
  #isBroken = false;

  /** `name`: of which file the places are that are known. */
  constructor(path: string, name?: string) {
    this.#path = path;
    this.#name = name;
  }

  /** What is to be known of it for the places to be of use. */
  get name(): string {
    return this.#isBroken ? "" : (this.#name ?? "");
  }

  /** Bytes of all that is in it, live or not. */
  get size(): number {
    return this.#end;
  }

  read({ at, length, sum }: Place): Buffer | undefined {
    return this.opened("r", (file) => {
      const bytes = Buffer.allocUnsafe(length);
      const isWhole = readSync(file, bytes, 0, length, at) === length;
      return isWhole && (crc32(bytes) | 0) === sum ? bytes : undefined;
    });
  }

  /** With the file, where it is the one of that name. */
  private opened<T>(flags: string, body: (file: number) => T): T | undefined {
    try {
      const file = openSync(this.#path, flags);
      const name = Buffer.alloc(NAME);
      try {
        readSync(file, name, 0, NAME, 0);
        return this.#name === name.toString("latin1") ? body(file) : undefined;
      } finally {
        closeSync(file);
      }
    } catch {
      return undefined;
    }
  }

  /** Adds a piece; where it cannot be written, its place leads nowhere. */
  add(bytes: Buffer): Place {
    const place = { at: this.start(), length: bytes.length, sum: crc32(bytes) | 0 };
    this.#chunk.push(bytes);
    this.#end += bytes.length;
    this.#waiting += bytes.length;
    if (this.#waiting >= CHUNK) this.flush();
    return place;
  }

  private start(): number {
    if (!this.#out && !this.#isBroken) this.orBroken(() => this.open());
    return this.#end;
  }

  private open(): void {
    const known = this.opened("r", (file) => fstatSync(file).size);
    if (known !== undefined) {
      // Another run may add at the same time: then the sums tell.
      this.#out = { file: openSync(this.#path, "a") };
      this.#end = known;
      return;
    }
    this.#name = randomUUID();
    // One name: what a run leaves that is killed, the next one writes over. Of two at once, sums tell what is whole.
    const temporary = `${this.#path}.new`;
    makeFolder(dirname(this.#path));
    this.#out = { file: openSync(temporary, "w"), temporary };
    this.#chunk = [Buffer.from(this.#name, "latin1")];
    this.#end = NAME;
  }

  private flush(): void {
    const { file } = this.#out ?? {};
    if (file !== undefined) this.orBroken(() => write(file, Buffer.concat(this.#chunk)));
    this.#chunk = [];
    this.#waiting = 0;
  }

  private orBroken(body: () => void): void {
    try {
      body();
    } catch {
      this.#isBroken = true;
      this.discard();
    }
  }

  finish(): void {
    this.flush();
    const out = this.#out;
    this.#out = undefined;
    if (!out) return;
    closeSync(out.file);
    const { temporary } = out;
    if (temporary) this.orBroken(() => renameSync(temporary, this.#path));
  }

  /** What was added is not wanted after all. */
  discard(): void {
    const out = this.#out;
    this.#out = undefined;
    this.#chunk = [];
    if (!out) return;
    closeSync(out.file);
    if (out.temporary) rmSync(out.temporary, { force: true });
  }

  /** All of it anew, without what is at none of `places`; where they are then. */
  compact(places: readonly Place[]): readonly Place[] {
    const all = this.opened("r", (file) => readFileSync(file));
    if (!all) return places;
    this.#name = undefined;
    return places.map(({ at, length }) => this.add(all.subarray(at, at + length)));
  }
}

/** Less than all may be written at a time. */
function write(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
