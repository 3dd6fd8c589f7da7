import type { FunctionSpan } from "../outline.ts";
import type { Expression, FunctionNode, Statement } from "../syntax.ts";
import { UNCOMMON } from "./cursor.ts";
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
  return attempt(() => new Statements(text, 0, text.length, functions).module());
}

/** One function by its span, decorators and all. */
export function quickFunction(text: string, span: FunctionSpan): FunctionNode | undefined {
  return attempt(() => new Statements(text, span.start, span.end).wholeFunction());
}

/** What stands to the right of an `=`, by its place. */
export function quickExpression(text: string, start: number, end: number): Expression | undefined {
  return attempt(() => new Statements(text, start, end).whole());
}

/** Its decorators and parameters only. */
export function quickSignature(
  text: string,
  span: FunctionSpan,
): Pick<FunctionNode, "parameters" | "decorators"> | undefined {
  return attempt(() => new Statements(text, span.start, span.headEnd).signature());
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error === UNCOMMON) return undefined;
    throw error;
  }
}
