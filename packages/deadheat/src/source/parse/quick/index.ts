import type { FunctionSpan } from "../outline.ts";
import type { Expression, FunctionNode, Statement } from "../syntax.ts";
import { UNCOMMON } from "./cursor.ts";
import { Expressions } from "./expressions.ts";
import { Statements } from "./statements.ts";

/**
 * Reads the Python that nearly everybody writes, an order of magnitude quicker than the grammar and with nothing
 * to free; gives up (`undefined`) on all else, which the grammar then parses. It gives the same statements
 * (`quick.test.ts` compares them), so that what it takes and what it leaves is a matter of time only.
 */
export function quickModule(
  text: string,
  functions: ReadonlyMap<number, FunctionSpan>,
): readonly Statement[] | undefined {
  return attempt(() => new QuickModule(text, functions).module());
}

/** One function by its span, decorators and all. */
export function quickFunction(text: string, span: FunctionSpan): FunctionNode | undefined {
  return attempt(() => new QuickFunction(text, span.start, span.end).whole());
}

/** What stands to the right of an `=`, by its place. */
export function quickExpression(text: string, start: number, end: number): Expression | undefined {
  return attempt(() => new QuickExpression(text, start, end).whole());
}

/** Its decorators and parameters only. */
export function quickSignature(
  text: string,
  span: FunctionSpan,
): Pick<FunctionNode, "parameters" | "decorators"> | undefined {
  return attempt(() => new QuickFunction(text, span.start, span.headEnd).signature());
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error === UNCOMMON) return undefined;
    throw error;
  }
}

/** A module whose functions are left out: `pass` stands in the place of each. */
class QuickModule extends Statements {
  readonly #functions: ReadonlyMap<number, FunctionSpan>;

  constructor(text: string, functions: ReadonlyMap<number, FunctionSpan>) {
    super(text, 0, text.length);
    this.#functions = functions;
  }

  module(): readonly Statement[] {
    const found = this.lines();
    if (this.at < this.limit) this.fail();
    return found;
  }

  protected override statement(into: Statement[]): void {
    const span = this.#functions.get(this.at);
    if (!span) {
      super.statement(into);
      return;
    }
    into.push({ kind: "pass", start: span.start, end: span.end });
    this.at = this.end = span.end;
  }
}

class QuickExpression extends Expressions {
  whole(): Expression {
    const found = this.list();
    if (!this.isLineEnd() || this.end < this.limit) this.fail();
    return found;
  }
}

class QuickFunction extends Statements {
  whole(): FunctionNode {
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
