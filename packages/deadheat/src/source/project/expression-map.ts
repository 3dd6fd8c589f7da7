import { quickExpression } from "../parse/quick/index.ts";
import type { Expression } from "../parse/syntax.ts";
import { SmallMap } from "./small-map.ts";

/** Shorter ones are kept as they are: reading them again would cost more than they weigh. */
const SHORT = 60;

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
  readonly #text: string;
  #known: ReadonlyMap<string, Expression | Place> = SmallMap.empty;

  /** `text`: of the file that the expressions stand in. */
  constructor(text: string) {
    this.#text = text;
  }

  set(name: string, value: Expression): this {
    const { start, end } = value;
    const isLong = end - start > SHORT && quickExpression(this.#text, start, end) !== undefined;
    this.#known = SmallMap.with(this.#known, name, isLong ? { kind: "place", start, end } : value);
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
    if (found.kind !== "place") return found;
    return quickExpression(this.#text, found.start, found.end) as Expression;
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
