import type { Site } from "../effects/values.ts";
import type { FunctionDefinition, Module } from "../project/definitions.ts";
import { Misremembered } from "./recalling-program.ts";
import type { FunctionNumber, PlaceRecord } from "./record.ts";

/** Numbers of a project's functions, and places by them: they outlive the run and what is written above in a file. */
export class Numbering {
  readonly functions: readonly FunctionDefinition[];
  readonly #numbers = new Map<FunctionDefinition, FunctionNumber>();

  constructor(modules: readonly Module[]) {
    this.functions = modules.flatMap((one) => one.all);
    for (const [number, fn] of this.functions.entries()) this.#numbers.set(fn, number);
  }

  numberOf(fn: FunctionDefinition): FunctionNumber {
    const found = this.#numbers.get(fn);
    if (found === undefined) throw new Misremembered();
    return found;
  }

  fn(number: FunctionNumber): FunctionDefinition {
    const found = this.functions[number];
    if (!found) throw new Misremembered();
    return found;
  }

  placeOf({ fn, start, end }: Site): PlaceRecord {
    return [this.numberOf(fn), start - fn.start, end - fn.start];
  }

  site([number, start, end]: PlaceRecord): Site {
    const fn = this.fn(number);
    return { fn, start: fn.start + start, end: fn.start + end };
  }
}
