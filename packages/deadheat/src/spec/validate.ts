import { DeadheatError } from "../errors.ts";
import type { Problem } from "./document/load.ts";

/** What of @redocly/openapi-core is used; the package itself is only there where somebody installed it. */
export interface Redocly {
  createConfig(config: unknown): Promise<unknown>;
  lint(options: { ref: string; config: unknown }): Promise<readonly RedoclyProblem[]>;
  getLineColLocation(location: unknown): {
    source: { absoluteRef: string };
    start: { line: number; col: number };
  };
}

interface RedoclyProblem {
  readonly message: string;
  readonly severity: string;
  readonly location: readonly unknown[];
}

const PACKAGE = "@redocly/openapi-core";

/** Validates a document by Redocly's structural rules. Throws DeadheatError where their package is not installed. */
export async function validateDocument(
  file: string,
  load: () => Promise<Redocly> = loadRedocly,
): Promise<Problem[]> {
  const redocly = await load();
  const config = await redocly.createConfig({ rules: { struct: "error", "no-unresolved-refs": "error" } });
  const problems = await redocly.lint({ ref: file, config });
  return problems
    .filter((one) => one.severity === "error")
    .flatMap(({ message, location: [first] }) => {
      if (first === undefined) return [];
      const { source, start } = redocly.getLineColLocation(first);
      const [line = ""] = message.split("\n");
      return [{ message: line, location: { file: source.absoluteRef, line: start.line, column: start.col } }];
    });
}

async function loadRedocly(): Promise<Redocly> {
  try {
    return (await import(PACKAGE)) as Redocly;
  } catch (cause) {
    throw new DeadheatError(
      "usage",
      `--validate needs the package ${PACKAGE}`,
      `Install it beside deadheat: npm install ${PACKAGE}`,
      cause,
    );
  }
}
