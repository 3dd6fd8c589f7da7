import type { Site } from "../effects/values.ts";
import type { ClassDefinition, FunctionDefinition, Module } from "../project/definitions.ts";
import { Misremembered } from "./misremembered.ts";
import type { FunctionNumber, PlaceRecord } from "./record.ts";

/** A class by the number of its module and its name in there. */
export type ClassRecord = readonly [module: number, qualified: string];

/** Numbers of a project's functions, and places by them: they outlive the run and what is written above in a file. */
export class Numbering {
  readonly modules: readonly Module[];
  /** Of the first function of each module, and of all. */
  readonly first: Int32Array;
  readonly size: number;
  readonly #numbers = new Map<Module, number>();

  /** `counts`: how many functions each module has. */
  constructor(modules: readonly Module[], counts: readonly number[]) {
    this.modules = modules;
    this.first = new Int32Array(modules.length + 1);
    for (const [index, module] of modules.entries()) {
      this.#numbers.set(module, index);
      this.first[index + 1] = (this.first[index] as number) + (counts[index] as number);
    }
    this.size = this.first[modules.length] as number;
  }

  moduleNumber(module: Module): number {
    const found = this.#numbers.get(module);
    if (found === undefined) throw new Misremembered();
    return found;
  }

  module(number: number): Module {
    const found = this.modules[number];
    if (!found) throw new Misremembered();
    return found;
  }

  numberOf({ module, index }: FunctionDefinition): FunctionNumber {
    return (this.first[this.moduleNumber(module)] as number) + index;
  }

  fn(number: FunctionNumber): FunctionDefinition {
    const module = this.moduleOf(number);
    const found = this.module(module).all[number - (this.first[module] as number)];
    if (!found) throw new Misremembered();
    return found;
  }

  /** The number of the module in which a function is. */
  moduleOf(number: FunctionNumber): number {
    if (!(number >= 0 && number < this.size)) throw new Misremembered();
    let low = 0;
    let high = this.modules.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.first[middle] as number) <= number) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  placeOf({ fn, start, end }: Site): PlaceRecord {
    return [this.numberOf(fn), start - fn.start, end - fn.start];
  }

  site([number, start, end]: PlaceRecord): Site {
    const fn = this.fn(number);
    return { fn, start: fn.start + start, end: fn.start + end };
  }

  /** `undefined` for a class that another one of its name has taken the place of. */
  classRecord(cls: ClassDefinition): ClassRecord | undefined {
    const record: ClassRecord = [this.moduleNumber(cls.module), cls.qualified];
    return this.classIn(record) === cls ? record : undefined;
  }

  class(record: ClassRecord): ClassDefinition {
    const found = this.classIn(record);
    if (!found) throw new Misremembered();
    return found;
  }

  private classIn([module, qualified]: ClassRecord): ClassDefinition | undefined {
    const [outer, ...inner] = qualified.split(".");
    let found = this.module(module).classes.get(outer as string);
    for (const name of inner) found = found?.inner.get(name);
    return found;
  }
}
