import type { Effect } from "../effects/effect.ts";
import type { Site } from "../effects/values.ts";
import { type ClassDefinition, FunctionDefinition, type Module } from "../project/definitions.ts";
import type { Model } from "../project/model.ts";
import type { Models } from "../project/models.ts";
import { SmallMap } from "../project/small-map.ts";
import { COMMON, TAG } from "./graph-tags.ts";
import { MARKED } from "./marked.ts";
import type { Numbering } from "./numbering.ts";
import type { EffectRecord } from "./record.ts";
import type { Shapes } from "./shapes.ts";

/**
 * Something in it cannot be named for the next run: the syntax of a nested function, a class that another one hides. Or
 * there is too much of it.
 */
class Unwritable extends Error {}

const CONSTANTS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  [undefined, TAG.undefined],
  [null, TAG.null],
  [true, TAG.true],
  [false, TAG.false],
]);
const COMMON_NUMBERS: ReadonlyMap<object, number> = new Map(COMMON.map((one, index) => [one, index]));
const LARGEST = 2 ** 31;
const FIRST_ROOM = 1 << 16;

interface Naming {
  readonly numbering: Numbering;
  readonly models: Models;
  readonly shapes: Shapes;
  /** The effect of a called function, by its place in that one's summary. */
  readonly originOf: (effect: Effect) => EffectRecord | undefined;
}

/**
 * Writes what hangs together as bytes: each object once, wherever it is met. Definitions of the project are written as
 * numbers and names, places by the function that they are in.
 */
export class GraphWriter {
  readonly #naming: Naming;
  readonly #largest: number;
  #bytes = Buffer.allocUnsafe(FIRST_ROOM);
  #at = 0;
  #known = new Map<unknown, number>();

  /** `largest`: bytes. */
  constructor(naming: Naming, largest: number) {
    this.#naming = naming;
    this.#largest = largest;
  }

  /** Nothing for what cannot be written. */
  write(root: object): Buffer | undefined {
    this.#at = 0;
    this.#known = new Map();
    try {
      this.value(root);
      return Buffer.from(this.#bytes.subarray(0, this.#at));
    } catch (error) {
      // A graph too deep for the stack as well: what it would save is not worth a second way to write it.
      if (error instanceof Unwritable || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private value(one: unknown): void {
    const constant = CONSTANTS.get(one);
    if (constant !== undefined) this.byte(constant);
    else if (typeof one === "number") this.number(one);
    else if (typeof one === "string") this.text(one);
    else if (typeof one === "object") this.object(one as object);
    else throw new Unwritable();
  }

  private number(one: number): void {
    if (Number.isInteger(one) && one >= 0 && one < LARGEST && !Object.is(one, -0)) {
      this.byte(TAG.integer);
      this.integer(one);
      return;
    }
    this.byte(TAG.number);
    this.room(8);
    this.#at = this.#bytes.writeDoubleLE(one, this.#at);
  }

  private text(one: string): void {
    if (this.isKnown(one)) return;
    this.byte(TAG.text);
    this.bareText(one);
  }

  private bareText(one: string): void {
    const length = Buffer.byteLength(one);
    this.integer(length);
    this.room(length);
    this.#at += this.#bytes.write(one, this.#at);
  }

  /** Where it has been before, that is said; else it has its turn now. */
  private isKnown(one: unknown): boolean {
    const known = this.#known.get(one);
    if (known === undefined) {
      this.#known.set(one, this.#known.size);
      return false;
    }
    this.byte(TAG.known);
    this.integer(known);
    return true;
  }

  private object(one: object): void {
    const common = COMMON_NUMBERS.get(one);
    if (common !== undefined) this.numbered(TAG.common, common);
    else if (this.isKnown(one)) return;
    else if (Array.isArray(one)) this.list(one);
    else if (one instanceof Map || one instanceof SmallMap) this.map(one);
    else if (one instanceof FunctionDefinition)
      this.numbered(TAG.function, this.#naming.numbering.numberOf(one));
    else if (isClass(one)) this.class(one);
    else if (isModule(one)) this.numbered(TAG.module, this.#naming.numbering.moduleNumber(one));
    else this.plain(one);
  }

  private numbered(tag: number, number: number): void {
    this.byte(tag);
    this.integer(number);
  }

  private list(items: readonly unknown[]): void {
    this.numbered(TAG.list, items.length);
    for (const item of items) this.value(item);
  }

  private map(map: ReadonlyMap<unknown, unknown>): void {
    this.numbered(map instanceof SmallMap ? TAG.smallMap : TAG.map, map.size);
    for (const [key, value] of map) {
      this.value(key);
      this.value(value);
    }
  }

  private class(cls: ClassDefinition): void {
    const record = this.#naming.numbering.classRecord(cls);
    if (!record) throw new Unwritable();
    this.numbered(TAG.class, record[0]);
    this.bareText(record[1]);
  }

  private plain(one: object): void {
    const { origin, start } = one as { readonly origin?: unknown; readonly start?: unknown };
    const isTakenOver = typeof origin === "object";
    if (Object.getPrototypeOf(one) !== Object.prototype && !isTakenOver) throw new Unwritable();
    // The syntax of a nested function.
    if ("node" in one) throw new Unwritable();
    if (start !== undefined) this.site(one as Site);
    else if (!this.isOfModel(one)) {
      const shape = this.#naming.shapes.of(one, isTakenOver ? "origin" : undefined);
      this.numbered(isTakenOver ? TAG.takenOver : TAG.object, shape.number);
      if (isTakenOver) this.origin(origin as Effect);
      for (const index of shape.marks) this.value(MARKED[index]?.marks.get(one));
      for (const key of shape.keys) this.value((one as Readonly<Record<string, unknown>>)[key]);
    }
  }

  private origin(effect: Effect): void {
    const origin = this.#naming.originOf(effect);
    if (!origin) throw new Unwritable();
    this.integer(origin[0]);
    this.integer(origin[1]);
  }

  private site({ fn, start, end }: Site): void {
    if (!(fn instanceof FunctionDefinition)) throw new Unwritable();
    this.numbered(TAG.site, this.#naming.numbering.numberOf(fn));
    this.signed(start - fn.start);
    this.signed(end - fn.start);
  }

  private isOfModel(one: object): boolean {
    const { models } = this.#naming;
    const { name, definition } = one as Partial<Model>;
    if (definition) {
      if (models.of(definition) !== one) throw new Unwritable();
      this.byte(TAG.model);
      this.object(definition);
      return true;
    }
    if (name === undefined || Object.keys(one).length !== 1) return false;
    if (models.named(name) !== one) throw new Unwritable();
    this.byte(TAG.modelOutside);
    this.bareText(name);
    return true;
  }

  private byte(one: number): void {
    this.room(1);
    this.#bytes[this.#at++] = one;
  }

  /** Seven bits a byte, the lowest first. */
  private integer(one: number): void {
    this.room(5);
    let rest = one;
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  private signed(one: number): void {
    this.integer(one < 0 ? -2 * one - 1 : 2 * one);
  }

  private room(size: number): void {
    if (this.#at + size > this.#largest) throw new Unwritable();
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#at + size));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function isClass(one: object): one is ClassDefinition {
  return (one as Partial<ClassDefinition>).kind === "class" && "methods" in one;
}

function isModule(one: object): one is Module {
  return "misread" in one && "stars" in one;
}
