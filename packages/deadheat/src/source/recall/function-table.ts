import { isEntryFunction } from "../effects/decorators.ts";
import type { FunctionDefinition, Module } from "../project/definitions.ts";
import type { KnownFunction } from "../project/later-module.ts";
import { Misremembered } from "./misremembered.ts";
import { DIGEST, digestsOf } from "./outside.ts";
import type { FunctionNumber } from "./record.ts";
import type { Sections } from "./sections.ts";

/** Start, end, end of the head, what it is. */
const ROW = 4;
const METHOD = 1;
const ENTRY = 2;

/** Where a project's functions stand, their names and digests of their texts. */
export class FunctionTable {
  readonly #rows: Int32Array;
  readonly #names: Buffer;
  readonly #digests: Buffer;
  #split: readonly string[] | undefined;

  private constructor(rows: Int32Array, names: Buffer, digests: Buffer) {
    this.#rows = rows;
    this.#names = names;
    this.#digests = digests;
  }

  static kept(sections: Sections, size: number): FunctionTable {
    const rows = sections.ints("functions");
    // A copy: it is changed where a file has changed.
    const digests = Buffer.from(sections.bytes("digests"));
    if (rows.length !== ROW * size || digests.length !== DIGEST * size) throw new Misremembered();
    return new FunctionTable(rows, sections.bytes("names"), digests);
  }

  static of(modules: readonly Module[]): FunctionTable {
    const size = modules.reduce((sum, one) => sum + one.all.length, 0);
    const names = modules.flatMap((one) => one.all.map((fn) => fn.qualified)).join("\n");
    const table = new FunctionTable(
      new Int32Array(ROW * size),
      Buffer.from(names),
      Buffer.alloc(DIGEST * size),
    );
    let first = 0;
    for (const module of modules) {
      table.put(first, module);
      first += module.all.length;
    }
    return table;
  }

  /** Writes the functions of a module, of which the first has the number `first`; tells which texts are not what they were. */
  put(first: FunctionNumber, module: Module): FunctionNumber[] {
    const digests = digestsOf(module);
    const changed: FunctionNumber[] = [];
    for (const [index, fn] of module.all.entries()) {
      this.#rows.set(rowOf(fn), ROW * (first + index));
      const at = DIGEST * (first + index);
      const digest = digests.subarray(DIGEST * index, DIGEST * (index + 1));
      if (this.#digests.compare(digest, 0, DIGEST, at, at + DIGEST) !== 0) changed.push(first + index);
    }
    digests.copy(this.#digests, DIGEST * first);
    return changed;
  }

  names(): readonly string[] {
    this.#split ??= this.#names.length === 0 ? [] : this.#names.toString("utf8").split("\n");
    return this.#split;
  }

  /** `count` functions from `first` on. */
  known(first: FunctionNumber, count: number): KnownFunction[] {
    const names = this.names();
    return Array.from({ length: count }, (_, index) => {
      const at = ROW * (first + index);
      const [start, end, headEnd, what] = this.#rows.subarray(at, at + ROW);
      const qualified = names[first + index];
      if (qualified === undefined || what === undefined) throw new Misremembered();
      return {
        qualified,
        start: start as number,
        end: end as number,
        headEnd: headEnd as number,
        isMethod: (what & METHOD) !== 0,
        isEntry: (what & ENTRY) !== 0,
      };
    });
  }

  sections(): Readonly<Record<string, unknown>> {
    return { functions: this.#rows, names: this.#names, digests: this.#digests };
  }
}

function rowOf(fn: FunctionDefinition): readonly number[] {
  const what = (fn.qualified === fn.name ? 0 : METHOD) | (isEntryFunction(fn) ? ENTRY : 0);
  return [fn.start, fn.end, fn.headEnd ?? -1, what];
}
