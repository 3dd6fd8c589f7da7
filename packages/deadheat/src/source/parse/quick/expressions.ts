import type { Argument, Expression, Generator, Parameter } from "../syntax.ts";
import { Cursor, isNameCode, NEWLINE } from "./cursor.ts";
import { readString } from "./strings.ts";

const KEYWORDS = new Set(
  "and as assert async await break class continue def del elif else except exec finally for from global if import in is lambda nonlocal not or pass print raise return try while with yield".split(
    " ",
  ),
);
const NUMBER = /(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)[jJlL]?/y;

/** How tightly binary operators bind; `**` binds tighter than what stands before its operand. */
const BINDS: ReadonlyMap<string, number> = new Map(
  [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"]].flatMap((operators, level) =>
    operators.map((one) => [one, level] as const),
  ),
);

/** Most calls have no arguments, most strings no parts: one list for all of them. */
const NOTHING: readonly never[] = [];

/** What was pushed to has room for sixteen more. */
export function fitted<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NOTHING : list.slice();
}

type Sequence = Expression & { readonly kind: "sequence" };

/** Expressions by recursive descent, as `decodeExpression` makes them of the grammar's tree. */
export class Expressions extends Cursor {
  /** What may stand alone on the right of `=`, after `return`, `in`, `yield`: `a`, or `a, b`. */
  protected list(one: () => Expression = () => this.starred()): Expression {
    const first = one();
    if (!this.takeCode(44)) return first;
    const items = [first];
    while (!this.endsList()) {
      items.push(one());
      if (!this.takeCode(44)) break;
    }
    return { kind: "sequence", items, start: first.start, end: this.end };
  }

  private endsList(): boolean {
    if (this.isLineEnd()) return true;
    const code = this.code();
    return code === 61 || code === 58 || code === 41 || code === 93 || code === 125 || this.isWord("in");
  }

  private starred(): Expression {
    this.skip();
    const start = this.at;
    if (this.code() !== 42) return this.expression();
    this.at++;
    const inner = this.binary(0);
    // `*a.b = c`, which is no Python, is to the grammar an attribute of `*a`; so is `yield *a ** b` a power of `*a`.
    if ((inner.kind !== "name" && this.isNext(61)) || inner.kind === "binary") this.fail();
    return { kind: "other", parts: [inner], start, end: this.end };
  }

  /** With `:=`, which may stand in brackets and conditions. */
  protected named(): Expression {
    this.skip();
    const start = this.at;
    const value = this.expression();
    this.skip();
    if (value.kind !== "name" || !this.text.startsWith(":=", this.at) || this.end - start !== value.id.length)
      return value;
    this.at += 2;
    const given = this.expression();
    return { kind: "walrus", target: value.id, value: given, start, end: this.end };
  }

  expression(): Expression {
    this.enter();
    this.skip();
    const start = this.at;
    const found = this.code() === 108 && this.takeWord("lambda") ? this.lambda(start) : this.conditional();
    this.leave();
    return found;
  }

  /** Most expressions are one operand: the way down through all operators is taken only where there is one. */
  private operand(): Expression | undefined {
    const code = this.code();
    const isPrefixed =
      code === 45 ||
      code === 43 ||
      code === 126 ||
      (code === 110 && this.isWord("not")) ||
      (code === 97 && this.isWord("await"));
    return isPrefixed ? undefined : this.primary();
  }

  /** At what no operator begins with. */
  private isOver(): boolean {
    const code = this.code();
    return (
      code === 44 ||
      code === 41 ||
      code === NEWLINE ||
      code === 58 ||
      code === 93 ||
      code === 125 ||
      code === -1
    );
  }

  private lambda(start: number): Expression {
    const parameters = this.parameters(":", false);
    this.expect(":");
    const body = this.expression();
    return { kind: "lambda", parameters, body, start, end: this.end };
  }

  private conditional(): Expression {
    const first = this.operand();
    if (first && this.isOver()) return first;
    const whenTrue = this.or(first);
    if (this.code() !== 105 || !this.takeWord("if")) return whenTrue;
    const test = this.or();
    if (!this.takeWord("else")) this.fail();
    const otherwise = this.expression();
    return { kind: "conditional", test, whenTrue, otherwise, start: whenTrue.start, end: this.end };
  }

  /** `first`: the first operand, where it has been read. */
  protected or(first?: Expression): Expression {
    let left = this.and(first);
    while (this.code() === 111 && this.takeWord("or")) {
      const right = this.and();
      left = { kind: "boolean", left, right, start: left.start, end: this.end };
    }
    return left;
  }

  private and(first?: Expression): Expression {
    let left = first ? this.comparison(first) : this.not();
    while (this.code() === 97 && this.takeWord("and")) {
      const right = this.not();
      left = { kind: "boolean", left, right, start: left.start, end: this.end };
    }
    return left;
  }

  private not(): Expression {
    this.skip();
    const start = this.at;
    if (this.code() !== 110 || !this.takeWord("not")) return this.comparison();
    this.enter();
    const operand = this.not();
    this.leave();
    return { kind: "not", operand, start, end: this.end };
  }

  private comparison(read?: Expression): Expression {
    const first = this.binary(0, read);
    let operator = this.comparator();
    if (operator === "") return first;
    const operands = [first];
    const operators: string[] = [];
    while (operator !== "") {
      operators.push(operator);
      operands.push(this.binary(0));
      operator = this.comparator();
    }
    return { kind: "compare", operators: operators.join(" "), operands, start: first.start, end: this.end };
  }

  private comparator(): string {
    this.skip();
    const next = this.text.charCodeAt(this.at + 1);
    switch (this.code()) {
      case 60: // <
        return this.mark(next === 61 ? "<=" : next === 62 ? "<>" : next === 60 ? "" : "<");
      case 62: // >
        return this.mark(next === 61 ? ">=" : next === 62 ? "" : ">");
      case 61: // =
        return this.mark(next === 61 ? "==" : "");
      case 33: // !
        return this.mark(next === 61 ? "!=" : "");
      case 105: // i
        if (this.takeWord("in")) return "in";
        if (!this.takeWord("is")) return "";
        return this.takeWord("not") ? "is not" : "is";
      case 110: {
        // n
        const before = this.at;
        if (this.takeWord("not") && this.takeWord("in")) return "not in";
        this.at = before;
        return "";
      }
      default:
        return "";
    }
  }

  private mark(text: string): string {
    this.at += text.length;
    return text;
  }

  /** By precedence: operators that bind at least as tightly as `loosest`. */
  protected binary(loosest: number, first?: Expression): Expression {
    let left = first ? this.powered(first) : this.unary();
    for (;;) {
      const operator = this.operator();
      const level = operator === "" ? -1 : BINDS.get(operator);
      if (level === undefined || level < loosest) return left;
      this.at += operator.length;
      const right = this.binary(level + 1);
      left = { kind: "binary", operator, left, right, start: left.start, end: this.end };
    }
  }

  /** The longest operator of arithmetic that is next; empty for none. `+=` and the like are none. */
  private operator(): string {
    this.skip();
    const { text, at } = this;
    const first = this.code();
    if (first < 37 || first > 124 || (first > 64 && first < 94) || first === 40 || first === 41) return "";
    const second = text.charCodeAt(at + 1);
    const isDouble = second === first && (first === 42 || first === 47 || first === 60 || first === 62);
    if (text.charCodeAt(at + (isDouble ? 2 : 1)) === 61) return "";
    return isDouble ? text.slice(at, at + 2) : (text[at] as string);
  }

  private unary(): Expression {
    this.skip();
    const start = this.at;
    const code = this.code();
    if (code !== 45 && code !== 43 && code !== 126) return this.power();
    this.at++;
    this.enter();
    const operand = this.unary();
    this.leave();
    return { kind: "other", parts: [operand], start, end: this.end };
  }

  private power(): Expression {
    return this.powered(this.awaited());
  }

  private powered(left: Expression): Expression {
    this.skip();
    if (this.code() !== 42 || this.operator() !== "**") return left;
    this.at += 2;
    this.enter();
    const right = this.unary();
    this.leave();
    return { kind: "binary", operator: "**", left, right, start: left.start, end: this.end };
  }

  private awaited(): Expression {
    this.skip();
    const start = this.at;
    if (this.code() !== 97 || !this.takeWord("await")) return this.primary();
    const operand = this.primary();
    // `await a ** b`: the grammar takes the power for what is awaited, other than Python does.
    this.skip();
    if (this.code() === 42 && this.operator() === "**") this.fail();
    return { kind: "await", operand, start, end: this.end };
  }

  protected primary(): Expression {
    let object = this.atom();
    for (;;) {
      this.skip();
      const code = this.code();
      const { start } = object;
      if (code === 46 /* . */) {
        this.at++;
        const name = this.name();
        if (name === "") this.fail();
        object = { kind: "attribute", object, name, start, end: this.end };
      } else if (code === 40 /* ( */)
        object = { kind: "call", callee: object, args: this.arguments(), start, end: this.end };
      else if (code === 91 /* [ */)
        object = { kind: "subscript", object, index: this.indices(), start, end: this.end };
      else return object;
    }
  }

  protected open(): void {
    this.at++;
    this.brackets++;
    this.enter();
  }

  protected close(mark: string): void {
    this.skip();
    if (!this.text.startsWith(mark, this.at)) this.fail();
    this.brackets--;
    this.leave();
    this.at++;
    this.end = this.at;
  }

  protected arguments(): readonly Argument[] {
    const start = this.at;
    this.open();
    if (this.isNext(41)) {
      this.close(")");
      return NOTHING;
    }
    const first = this.argument();
    if (this.isComprehension()) {
      if (first.name || first.spread) this.fail();
      const value = this.comprehension([first.value], start);
      this.close(")");
      return [{ value: { ...value, end: this.end } }];
    }
    const found = this.takeCode(44) && !this.isNext(41) ? this.furtherArguments(first) : [first];
    this.close(")");
    return found;
  }

  private furtherArguments(first: Argument): readonly Argument[] {
    const found = [first];
    do {
      found.push(this.argument());
      if (this.isComprehension()) this.fail();
    } while (this.takeCode(44) && !this.isNext(41));
    return fitted(found);
  }

  private argument(): Argument {
    this.skip();
    if (this.code() === 42) {
      const spread = this.take("**") ? "**" : this.take("*") ? "*" : this.fail();
      return { spread, value: this.expression() };
    }
    const value = this.named();
    if (value.kind !== "name") return { value };
    this.skip();
    if (this.code() !== 61 || this.text.charCodeAt(this.at + 1) === 61) return { value };
    this.at++;
    return { name: value.id, value: this.expression() };
  }

  private indices(): readonly Expression[] {
    this.open();
    const found: Expression[] = [];
    while (!this.isNext(93)) {
      found.push(this.index());
      if (!this.takeCode(44)) break;
    }
    if (found.length === 0) this.fail();
    this.close("]");
    return fitted(found);
  }

  private index(): Expression {
    this.skip();
    const start = this.at;
    const parts: Expression[] = [];
    let colons = 0;
    for (;;) {
      if (!this.isNext(58) && !this.isNext(44) && !this.isNext(93)) parts.push(this.named());
      if (colons === 2 || !this.takeCode(58)) break;
      colons++;
    }
    if (colons > 0) return { kind: "slice", parts: fitted(parts), start, end: this.end };
    const [only] = parts;
    return only ?? this.fail();
  }

  protected isNext(code: number): boolean {
    this.skip();
    return this.code() === code;
  }

  private atom(): Expression {
    this.skip();
    const start = this.at;
    const code = this.code();
    switch (code) {
      case 40:
        return this.parenthesized();
      case 91:
        return this.bracketed("]", start);
      case 123:
        return this.braced(start);
      case 34:
      case 39:
        return this.string();
      case 46:
        if (this.text.startsWith("...", start)) {
          this.at += 3;
          this.end = this.at;
          return { kind: "other", parts: [], start, end: this.end };
        }
    }
    if ((code >= 48 && code <= 57) || code === 46) return this.number(start);
    const name = this.name();
    if (name === "") return isNameCode(code) ? this.string() : this.fail();
    const { end } = this;
    if (name === "True") return { kind: "constant", value: true, start, end };
    if (name === "False") return { kind: "constant", value: false, start, end };
    if (name === "None") return { kind: "constant", value: null, start, end };
    if (KEYWORDS.has(name) && !(name === "print" && this.isNext(40))) this.fail();
    return { kind: "name", id: name, start, end };
  }

  private number(start: number): Expression {
    NUMBER.lastIndex = start;
    const text = NUMBER.exec(this.text)?.[0];
    if (text === undefined) this.fail();
    this.at = this.end = start + text.length;
    if (isNameCode(this.code())) this.fail();
    return { kind: "number", text, start, end: this.end };
  }

  private string(): Expression {
    const start = this.at;
    let { value, parts } = this.one();
    while (this.isString()) {
      const next = this.one();
      value += next.value;
      if (next.parts.length > 0) parts = [...parts, ...next.parts];
    }
    return { kind: "string", value, parts, start, end: this.end };
  }

  private one(): Pick<Expression & { readonly kind: "string" }, "value" | "parts"> {
    const read = readString(this.text, this.at, this.limit, this.interpolated);
    this.at = this.end = read.end;
    return read;
  }

  private readonly interpolated = (at: number): { readonly found: Expression; readonly at: number } => {
    const { brackets } = this;
    this.at = at;
    this.brackets = 1;
    const found = this.expression();
    this.skip();
    this.brackets = brackets;
    return { found, at: this.at };
  };

  private isString(): boolean {
    this.skip();
    const code = this.code();
    if (code === 34 || code === 39) return true;
    if (!isNameCode(code)) return false;
    return /^[rbuft]{1,2}["']/i.test(this.text.slice(this.at, this.at + 3));
  }

  /** `(x)` is `x` with the brackets in its span; `(a, b)` a tuple; `(x for x in y)` a generator. */
  private parenthesized(): Expression {
    const start = this.at;
    this.open();
    if (this.isNext(41)) {
      this.close(")");
      return { kind: "sequence", items: [], start, end: this.end };
    }
    const first = this.takeWord("yield") ? this.yielded(this.end - 5) : this.element();
    if (this.isComprehension()) {
      const value = this.comprehension([first], start);
      this.close(")");
      return { ...value, end: this.end };
    }
    if (this.takeCode(44)) return this.items(first, ")", start);
    this.close(")");
    return { ...first, start, end: this.end };
  }

  private items(first: Expression, mark: ")" | "]" | "}", start: number): Sequence {
    const items = [first];
    while (!this.isNext(mark.charCodeAt(0))) {
      items.push(this.element());
      if (!this.takeCode(44)) break;
    }
    this.close(mark);
    return { kind: "sequence", items, start, end: this.end };
  }

  private element(): Expression {
    return this.isNext(42) ? this.starred() : this.named();
  }

  private bracketed(mark: "]" | "}", start: number): Expression {
    this.open();
    if (this.isNext(mark.charCodeAt(0))) {
      this.close(mark);
      return { kind: "sequence", items: [], start, end: this.end };
    }
    return this.bracketedFrom(this.element(), mark, start);
  }

  private bracketedFrom(first: Expression, mark: "]" | "}", start: number): Expression {
    if (this.isComprehension()) {
      const value = this.comprehension([first], start);
      this.close(mark);
      return { ...value, end: this.end };
    }
    if (this.takeCode(44)) return this.items(first, mark, start);
    this.close(mark);
    return { kind: "sequence", items: [first], start, end: this.end };
  }

  private braced(start: number): Expression {
    this.open();
    const pairs: { key?: Expression; value: Expression }[] = [];
    while (!this.isNext(125)) {
      if (this.take("**")) pairs.push({ value: this.binary(0) });
      else {
        const key = this.element();
        if (!this.takeCode(58)) {
          if (pairs.length > 0) this.fail();
          return this.bracketedFrom(key, "}", start);
        }
        const value = this.expression();
        if (this.isComprehension()) {
          const made = this.comprehension([key, value], start);
          this.close("}");
          return { ...made, end: this.end };
        }
        pairs.push({ key, value });
      }
      if (!this.takeCode(44)) break;
    }
    this.close("}");
    return { kind: "dictionary", pairs, start, end: this.end };
  }

  private isComprehension(): boolean {
    this.skip();
    const code = this.code();
    return (code === 102 && this.isWord("for")) || (code === 97 && this.isWord("async"));
  }

  private comprehension(body: readonly Expression[], start: number): Expression {
    const generators: Generator[] = [];
    for (;;) {
      this.takeWord("async");
      if (!this.takeWord("for")) break;
      const target = this.targets();
      if (!this.takeWord("in")) this.fail();
      const source = this.or();
      const conditions: Expression[] = [];
      while (this.takeWord("if")) conditions.push(this.condition());
      generators.push({ target, source, conditions });
    }
    if (generators.length === 0) this.fail();
    return { kind: "comprehension", body, generators, start, end: this.end };
  }

  private condition(): Expression {
    const value = this.or();
    if (this.isNext(58)) this.fail();
    return value;
  }

  /** `a`, `a, b`, `(a, b)`: what a loop assigns to. */
  protected targets(): Expression {
    return this.list(() => (this.isNext(42) ? this.starred() : this.binary(0)));
  }

  protected yielded(start: number): Expression {
    this.takeWord("from");
    if (this.isLineEnd() || this.isNext(41)) return { kind: "yield", start, end: this.end };
    const operand = this.list();
    return { kind: "yield", operand, start, end: this.end };
  }

  /** Up to `closing`, which stays. Those of a lambda have no annotations. */
  protected parameters(closing: ")" | ":" | "]", annotated: boolean): readonly Parameter[] {
    const found: Parameter[] = [];
    while (!this.isNext(closing.charCodeAt(0))) {
      const one = this.parameter(annotated);
      if (one) found.push(one);
      if (!this.takeCode(44)) break;
    }
    return fitted(found);
  }

  private parameter(annotated: boolean): Parameter | undefined {
    if (this.take("/")) return undefined;
    const spread = this.take("**") ? "**" : this.take("*") ? "*" : undefined;
    const name = this.name();
    if (name === "") return spread === "*" ? undefined : this.fail();
    const annotation = annotated && this.takeCode(58) ? this.expression() : undefined;
    const fallback = this.takeCode(61) ? this.expression() : undefined;
    return {
      name,
      ...(spread ? { spread } : {}),
      ...(annotation ? { annotation } : {}),
      ...(fallback ? { fallback } : {}),
    };
  }
}
