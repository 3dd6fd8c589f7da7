import type { Expression } from "../parse/syntax.ts";

/** Shorter ones are kept as they are: reading them again would cost more than they weigh. */
const SHORT = 160;

interface Place {
  readonly kind: "place";
  readonly start: number;
  readonly end: number;
}

/**
 * Expressions by name, of which long ones are kept as a place in the text and read again when somebody asks: most of
 * a large project's tables and descriptions are never asked for.
 */
export class ExpressionMap implements ReadonlyMap<string, Expression> {
  readonly #known = new Map<string, Expression | Place>();
  readonly #read: (start: number, end: number) => Expression | undefined;

  /** `read`: the expression at a place of the text, where it can be read by itself. */
  constructor(read: (start: number, end: number) => Expression | undefined) {
    this.#read = read;
  }

  set(name: string, value: Expression): this {
    const { start, end } = value;
    const isLong = end - start > SHORT && this.#read(start, end) !== undefined;
    this.#known.set(name, isLong ? { kind: "place", start, end } : value);
    return this;
  }

  get size(): number {
    return this.#known.size;
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  get(name: string): Expression | undefined {
    const found = this.#known.get(name);
    return found && this.whole(found);
  }

  private whole(found: Expression | Place): Expression {
    return found.kind === "place" ? (this.#read(found.start, found.end) as Expression) : found;
  }

  forEach(each: (value: Expression, name: string, map: ReadonlyMap<string, Expression>) => void): void {
    for (const [name, value] of this) each(value, name, this);
  }

  *entries(): MapIterator<[string, Expression]> {
    for (const [name, found] of this.#known) yield [name, this.whole(found)];
    return undefined;
  }

  [Symbol.iterator](): MapIterator<[string, Expression]> {
    return this.entries();
  }

  keys(): MapIterator<string> {
    return this.#known.keys();
  }

  *values(): MapIterator<Expression> {
    for (const found of this.#known.values()) yield this.whole(found);
    return undefined;
  }
}
