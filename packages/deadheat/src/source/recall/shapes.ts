import { MARKED } from "./marked.ts";

/** Objects with the same properties in the same order. */
export interface Shape {
  readonly number: number;
  readonly keys: readonly string[];
  /** Marks that one of them may have, as numbers in `MARKED`. */
  readonly marks: readonly number[];
}

/** A place on the way through the properties of an object. */
interface Fork {
  readonly keys: readonly string[];
  readonly next: Map<string, Fork>;
  shape?: Shape;
}

/** Numbers for the shapes of objects: the names of their properties are written once. */
export class Shapes {
  readonly #all: Shape[] = [];
  readonly #root: Fork = { keys: [], next: new Map() };

  constructor(known: readonly (readonly string[])[] = []) {
    for (const keys of known) this.at(keys.reduce((fork, key) => next(fork, key), this.#root));
  }

  /** `left`: a property that is not counted. */
  of(object: object, left?: string): Shape {
    let fork = this.#root;
    for (const key in object) if (key !== left) fork = fork.next.get(key) ?? next(fork, key);
    return fork.shape ?? this.at(fork);
  }

  private at(fork: Fork): Shape {
    if (fork.shape) return fork.shape;
    const { keys } = fork;
    const names = new Set(keys);
    const marks = MARKED.flatMap(({ isOn }, index) => (isOn(names) ? [index] : []));
    fork.shape = { number: this.#all.length, keys, marks };
    this.#all.push(fork.shape);
    return fork.shape;
  }

  byNumber(number: number): Shape | undefined {
    return this.#all[number];
  }

  all(): readonly (readonly string[])[] {
    return this.#all.map((one) => one.keys);
  }
}

function next(fork: Fork, key: string): Fork {
  const known = fork.next.get(key);
  if (known) return known;
  const made: Fork = { keys: [...fork.keys, key], next: new Map() };
  fork.next.set(key, made);
  return made;
}
