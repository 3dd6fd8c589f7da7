import type { FunctionSpan } from "../outline.ts";
import type { Expression, FunctionNode, Handler, Statement } from "../syntax.ts";
import { NEWLINE } from "./cursor.ts";
import { Expressions, fitted } from "./expressions.ts";

const COMPOUND = new Set(["if", "for", "while", "try", "with", "def", "class"]);
const AUGMENTED = /(?:\*\*|\/\/|<<|>>|[-+*/%@&|^])=/y;

/** Statements by indentation, as `decodeStatement` makes them of the grammar's tree. */
export class Statements extends Expressions {
  /** Of the line that the last look at the next line found. */
  private indent = 0;
  /** Functions that are left out: `pass` stands in the place of each. */
  private readonly functions: ReadonlyMap<number, FunctionSpan> | undefined;

  constructor(text: string, start: number, limit: number, functions?: ReadonlyMap<number, FunctionSpan>) {
    super(text, start, limit);
    this.functions = functions;
  }

  /** All statements at the indentation of the next line; stops before one that is indented less. */
  protected lines(): Statement[] {
    const found: Statement[] = [];
    if (!this.nextLine()) return found;
    const indent = this.indent;
    for (;;) {
      this.statement(found);
      if (!this.nextLine() || this.indent < indent) return found;
      if (this.indent > indent) this.fail();
    }
  }

  /** Goes to the first character of the next line that is neither blank nor a comment. */
  protected nextLine(): boolean {
    let lineStart = this.at;
    for (;;) {
      const code = this.code();
      if (code === -1) return false;
      if (code === 10) lineStart = ++this.at;
      else if (code === 32 || code === 9 || code === 12 || code === 13) this.at++;
      else if (code === 35) this.skipComment();
      else break;
    }
    this.indent = this.indentOf(lineStart);
    return true;
  }

  /** The first line may begin in the middle of the text: what is before it counts. */
  private indentOf(lineStart: number): number {
    const { text } = this;
    let from = lineStart;
    while (from > 0 && text.charCodeAt(from - 1) !== 10) from--;
    let indent = 0;
    for (let at = from; at < this.at; at++)
      indent = text.charCodeAt(at) === 9 ? indent + 8 - (indent % 8) : indent + 1;
    return indent;
  }

  protected block(): Statement[] {
    this.expect(":");
    this.enter();
    if (this.isLineEnd() && this.code() !== 59) {
      const outer = this.indent;
      if (!this.nextLine() || this.indent <= outer) this.fail();
      const lines = this.lines();
      this.leave();
      return lines;
    }
    const found: Statement[] = [];
    this.simpleLine(this.peek(), found);
    this.leave();
    return found;
  }

  private statement(into: Statement[]): void {
    const start = this.at;
    const span = this.functions?.get(start);
    if (span) {
      into.push({ kind: "pass", start, end: span.end });
      this.at = this.end = span.end;
      return;
    }
    if (this.code() === 64) {
      into.push(this.decorated(start));
      return;
    }
    const word = this.peek();
    if (word === "async") {
      this.takeWord("async");
      const inner = this.peek();
      if (inner !== "def" && inner !== "for" && inner !== "with") this.fail();
      this.takeWord(inner);
      into.push(this.compound(inner, start));
    } else if (COMPOUND.has(word)) {
      this.takeWord(word);
      into.push(this.compound(word, start));
    } else this.simpleLine(word, into);
  }

  private compound(word: string, start: number): Statement {
    switch (word) {
      case "if":
        return this.if(start);
      case "for":
        return this.for(start);
      case "while":
        return this.while(start);
      case "try":
        return this.try(start);
      case "with":
        return this.with(start);
      case "def":
        return this.function(start, []);
      default:
        return this.class(start, []);
    }
  }

  private peek(): string {
    const before = this.at;
    const word = this.name();
    this.at = before;
    return word;
  }

  /** `word`: the one that it begins with. */
  private simpleLine(word: string, into: Statement[]): void {
    for (let first = word; ; first = this.peek()) {
      this.skip();
      this.simple(first, into);
      if (!this.isLineEnd()) this.fail();
      if (this.code() !== 59) return;
      this.at++;
      if (this.isLineEnd()) {
        if (this.code() === 59) this.fail();
        return;
      }
    }
  }

  private given(): Expression | undefined {
    return this.isLineEnd() ? undefined : this.list();
  }

  private simple(word: string, into: Statement[]): void {
    const start = this.at;
    switch (word) {
      case "return": {
        this.takeWord(word);
        const value = this.given();
        const { end } = this;
        into.push(value ? { kind: "return", value, start, end } : { kind: "return", start, end });
        return;
      }
      case "raise": {
        this.takeWord(word);
        const value = this.given();
        if (this.takeWord("from")) this.expression();
        into.push({ kind: "raise", ...(value ? { value } : {}), start, end: this.end });
        return;
      }
      case "pass":
      case "global":
      case "nonlocal":
        this.takeWord(word);
        if (word !== "pass") this.list();
        into.push({ kind: "pass", start, end: this.end });
        return;
      case "break":
      case "continue":
        this.takeWord(word);
        into.push({ kind: "leave", how: word, start, end: this.end });
        return;
      case "del":
        this.takeWord(word);
        into.push({ kind: "delete", targets: [this.list()], start, end: this.end });
        return;
      case "assert": {
        this.takeWord(word);
        const test = this.expression();
        if (this.takeCode(44)) this.expression();
        into.push({ kind: "assert", test, start, end: this.end });
        return;
      }
      case "import":
      case "from":
        into.push(this.import(start, word));
        return;
      case "type":
        if (this.typeAlias()) into.push({ kind: "pass", start, end: this.end });
        else this.expressionStatement(start, into);
        return;
      // `match x:` is left to the grammar; `match = 1` is like any other name.
      default:
        this.expressionStatement(start, into);
    }
  }

  /** `type X = …`; `type(x)` and `type = x` are like any other name. */
  private typeAlias(): boolean {
    const { at, end } = this;
    this.takeWord("type");
    if (this.name() === "") {
      this.at = at;
      this.end = end;
      return false;
    }
    this.typeParameters();
    this.expect("=");
    this.expression();
    return true;
  }

  private expressionStatement(start: number, into: Statement[]): void {
    const target = this.takeWord("yield") ? this.yielded(start) : this.list();
    const augmented = this.augmented();
    if (augmented !== "") {
      this.at += augmented.length;
      const value = this.right();
      const operator = augmented.slice(0, -1);
      into.push({ kind: "augment", target, operator, value, start, end: this.end });
    } else if (this.takeCode(58)) into.push(this.annotated(target, start));
    else if (this.code() === 61) this.assignments(target, start, into);
    else {
      // `a, b` as a statement of its own is two to the grammar; `*a` is none.
      if (this.text.charCodeAt(start) === 42) this.fail();
      if (target.kind === "sequence" && target.items[0]?.start === target.start) this.fail();
      into.push({ kind: "expression", value: target, start, end: this.end });
    }
  }

  /** `+=` and the like; empty where none is next. */
  private augmented(): string {
    this.skip();
    const code = this.code();
    if (code === 61 || code === NEWLINE || code === -1) return "";
    AUGMENTED.lastIndex = this.at;
    return AUGMENTED.exec(this.text)?.[0] ?? "";
  }

  /** `a = b = c`: the inner one first; each runs to the end. */
  private assignments(target: Expression, start: number, into: Statement[]): void {
    this.at++;
    const value = this.right();
    if (!this.isNext(61)) {
      into.push({ kind: "assign", target, value, start, end: this.end });
      return;
    }
    const targets = [
      { target, start },
      { target: value, start: value.start },
    ];
    let last = value;
    while (this.isNext(61)) {
      this.at++;
      last = this.right();
      if (this.isNext(61)) targets.push({ target: last, start: last.start });
    }
    const { end } = this;
    for (const one of targets.reverse()) into.push({ kind: "assign", ...one, value: last, end });
  }

  private annotated(target: Expression, start: number): Statement {
    const annotation = this.expression();
    if (!this.takeCode(61)) return { kind: "assign", target, annotation, start, end: this.end };
    const value = this.right();
    if (this.isNext(61)) this.fail();
    return { kind: "assign", target, value, annotation, start, end: this.end };
  }

  private right(): Expression {
    this.skip();
    const start = this.at;
    return this.takeWord("yield") ? this.yielded(start) : this.list();
  }

  private import(start: number, word: "import" | "from"): Statement {
    this.takeWord(word);
    let level = 0;
    let from: string | undefined;
    if (word === "from") {
      while (this.take(".")) level++;
      from = this.dotted();
      if (!this.takeWord("import")) this.fail();
      if (from === "" && level === 0) this.fail();
    }
    const names: { name: string; alias?: string }[] = [];
    if (word === "from" && this.take("*")) names.push({ name: "*" });
    else {
      const isBracketed = word === "from" && this.isNext(40);
      if (isBracketed) this.open();
      do {
        if (isBracketed && this.isNext(41)) break;
        const name = this.dotted();
        if (name === "") this.fail();
        const alias = this.takeWord("as") ? this.name() : "";
        names.push({ name, ...(alias === "" ? {} : { alias }) });
      } while (this.takeCode(44));
      if (isBracketed) this.close(")");
    }
    return { kind: "import", level, ...(from === undefined ? {} : { from }), names, start, end: this.end };
  }

  private dotted(): string {
    let text = this.isWord("import") ? "" : this.name();
    while (text !== "" && this.take(".")) text += `.${this.name()}`;
    return text;
  }

  /** Whether the next line goes on with a clause of this statement: `else`, `except`, … */
  private clause(indent: number, word: string): boolean {
    const { at, end } = this;
    if (this.nextLine() && this.indent === indent && this.isWord(word)) {
      this.takeWord(word);
      return true;
    }
    this.at = at;
    this.end = end;
    this.indent = indent;
    return false;
  }

  private if(start: number): Statement {
    const indent = this.indent;
    const test = this.named();
    const whenTrue = this.block();
    let otherwise: Statement[] = [];
    if (this.clause(indent, "elif")) {
      this.enter();
      otherwise = [this.if(this.end - 4)];
      this.leave();
    } else if (this.clause(indent, "else")) otherwise = this.block();
    return { kind: "if", test, whenTrue, otherwise, start, end: this.end };
  }

  private elseOf(indent: number): Statement[] {
    return this.clause(indent, "else") ? this.block() : [];
  }

  private for(start: number): Statement {
    const indent = this.indent;
    const target = this.targets();
    if (!this.takeWord("in")) this.fail();
    const source = this.list();
    const body = this.block();
    return { kind: "for", target, source, body, otherwise: this.elseOf(indent), start, end: this.end };
  }

  private while(start: number): Statement {
    const indent = this.indent;
    const test = this.named();
    const body = this.block();
    return { kind: "while", test, body, otherwise: this.elseOf(indent), start, end: this.end };
  }

  private try(start: number): Statement {
    const indent = this.indent;
    const body = this.block();
    const handlers: Handler[] = [];
    while (this.clause(indent, "except")) handlers.push(this.handler());
    const otherwise = this.elseOf(indent);
    const cleanup = this.clause(indent, "finally") ? this.block() : [];
    if (handlers.length === 0 && cleanup.length === 0) this.fail();
    return { kind: "try", body, handlers, otherwise, cleanup, start, end: this.end };
  }

  private handler(): Handler {
    const start = this.end - 6;
    const catches: Expression[] = [];
    let name = "";
    if (!this.isNext(58)) {
      const what = this.expression();
      catches.push(...(what.kind === "sequence" ? what.items : [what]));
      if (this.takeWord("as")) name = this.name();
    }
    const body = this.block();
    return { catches, ...(name === "" ? {} : { name }), body, start, end: this.end };
  }

  private with(start: number): Statement {
    const items: { value: Expression; target?: Expression }[] = [];
    do {
      const value = this.expression();
      // `with (a, b):` and `with (a as b):` are left to the grammar.
      if (value.kind === "sequence") this.fail();
      const target = this.takeWord("as") ? this.binary(0) : undefined;
      items.push({ value, ...(target ? { target } : {}) });
    } while (this.takeCode(44));
    return { kind: "with", items, body: this.block(), start, end: this.end };
  }

  protected decorators(): readonly Expression[] {
    const indent = this.indent;
    const found: Expression[] = [];
    while (this.code() === 64) {
      this.at++;
      found.push(this.expression());
      if (!this.isLineEnd() || !this.nextLine() || this.indent !== indent) this.fail();
    }
    return fitted(found);
  }

  private decorated(start: number): Statement {
    const decorators = this.decorators();
    if (this.takeWord("class")) return this.class(start, decorators);
    this.takeWord("async");
    if (!this.takeWord("def")) this.fail();
    return this.function(start, decorators);
  }

  protected function(start: number, decorators: readonly Expression[]): FunctionNode {
    const head = this.head();
    return { kind: "function", ...head, decorators, body: this.block(), start, end: this.end };
  }

  /** Name and parameters, up to the colon. */
  protected head(): Pick<FunctionNode, "name" | "parameters"> {
    const name = this.name();
    this.typeParameters();
    if (!this.isNext(40)) this.fail();
    this.open();
    const parameters = this.parameters(")", true);
    this.close(")");
    if (this.take("->")) this.expression();
    return { name, parameters };
  }

  /** `[T, *Ts, **P]`, which nothing is made of. */
  private typeParameters(): void {
    if (!this.isNext(91)) return;
    this.open();
    this.parameters("]", true);
    this.close("]");
  }

  protected class(start: number, decorators: readonly Expression[]): Statement {
    const name = this.name();
    this.typeParameters();
    const bases = this.isNext(40) ? this.arguments() : [];
    return { kind: "class", name, bases, decorators, body: this.block(), start, end: this.end };
  }

  /** All of the text. */
  module(): readonly Statement[] {
    const found = this.lines();
    if (this.at < this.limit) this.fail();
    return found;
  }

  /** One expression, as may stand to the right of an `=`. */
  whole(): Expression {
    const found = this.list();
    if (!this.isLineEnd() || this.end < this.limit) this.fail();
    return found;
  }

  wholeFunction(): FunctionNode {
    const found = this.lines();
    const [only] = found;
    if (found.length !== 1 || only?.kind !== "function" || this.at < this.limit) this.fail();
    return only;
  }

  signature(): Pick<FunctionNode, "parameters" | "decorators"> {
    this.nextLine();
    const decorators = this.decorators();
    this.takeWord("async");
    if (!this.takeWord("def")) this.fail();
    return { parameters: this.head().parameters, decorators };
  }
}
