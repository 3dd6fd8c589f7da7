/**
 * A string that is equal for two values only if no model can tell them apart.
 *
 * JSON.stringify will not do: it maps `undefined`, `null` and `NaN`, or 0 and -0, to one text, and two
 * answers taken for the same are swapped by the symmetry reduction, which would be a false verdict. What
 * is not plain data (a Map, a class instance, a function) is told apart by identity: always right, only
 * less often equal.
 */
export class Canonical {
  #identities = new WeakMap<object, number>();
  #symbols = new Map<symbol, number>();
  #next = 0;

  of(value: unknown): string {
    return this.#text(value, 0);
  }

  #text(value: unknown, depth: number): string {
    switch (typeof value) {
      case "string":
        return `s${value.length}:${value}`;
      case "number":
        return Object.is(value, -0) ? "n-0" : `n${value}`;
      case "boolean":
        return value ? "t" : "f";
      case "undefined":
        return "u";
      case "bigint":
        return `i${value}`;
      case "symbol": {
        const known = this.#symbols.get(value) ?? this.#next++;
        this.#symbols.set(value, known);
        return `y${known}`;
      }
      default:
        return value === null ? "0" : this.#object(value as object, depth);
    }
  }

  #object(value: object, depth: number): string {
    // A cycle ends here too: past this depth, identity decides.
    if (depth > 12) return this.#identity(value);
    if (Array.isArray(value)) {
      if (Object.keys(value).length !== value.length) return this.#identity(value);
      return `[${value.map((item) => this.#text(item, depth + 1)).join(",")}]`;
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return this.#identity(value);
    const keys = Object.keys(value);
    if (Reflect.ownKeys(value).length !== keys.length) return this.#identity(value);
    let text = "{";
    for (const key of keys.sort()) {
      text += `${key.length}:${key}=${this.#text((value as Record<string, unknown>)[key], depth + 1)};`;
    }
    return `${text}}`;
  }

  #identity(value: object): string {
    const known = this.#identities.get(value) ?? this.#next++;
    this.#identities.set(value, known);
    return `@${known}`;
  }
}
