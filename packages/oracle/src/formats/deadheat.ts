import { OracleError } from "../errors.ts";
import type { History, Operation, Outcome } from "../history.ts";

/** The `schema` of a history file. */
export const HISTORY_SCHEMA = "deadheat-history/1";

/**
 * Writes a history as JSON: `{ "schema": "deadheat-history/1", "operations": […] }`, one operation a
 * line, with the members of `Operation`. An endless return is written as `"Infinity"`. Inputs and outputs
 * have to be JSON; `undefined` outputs are left out.
 */
export function writeHistory(history: History<unknown, unknown>): string {
  const rows = history.map((operation) => JSON.stringify(operation, (_key, value) => endless(value)));
  return `{\n"schema": "${HISTORY_SCHEMA}",\n"operations": [\n${rows.join(",\n")}\n]\n}\n`;
}

function endless(value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY ? String(value) : value;
}

/**
 * Reads what `writeHistory` wrote, or a bare JSON array of operations.
 *
 * @throws OracleError `malformed-history`, with the operation's index or id and the member that is wrong
 */
export function readHistory(text: string): History<unknown, unknown> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new OracleError("malformed-history", `not JSON: ${(cause as Error).message}`, { cause });
  }
  if (Array.isArray(document)) return document.map(readOperation);
  if (!isRecord(document)) throw new OracleError("malformed-history", "neither an object nor an array");
  if (document.schema !== HISTORY_SCHEMA) {
    throw new OracleError(
      "unknown-format",
      `schema is ${JSON.stringify(document.schema)}, not "${HISTORY_SCHEMA}"`,
    );
  }
  if (!Array.isArray(document.operations)) {
    throw new OracleError("malformed-history", "operations is not an array");
  }
  return document.operations.map(readOperation);
}

function readOperation(value: unknown, index: number): Operation<unknown, unknown> {
  const wrong = (what: string, operation?: string) =>
    new OracleError("malformed-history", `operation ${operation ?? `number ${index + 1}`}: ${what}`, {
      operation,
    });
  if (!isRecord(value)) throw wrong("not an object");
  const { id, process, input, outcome } = value;
  if (typeof id !== "string") throw wrong("id is not a string");
  if (typeof process !== "string" && typeof process !== "number") throw wrong("process is not a name", id);
  if (!("input" in value)) throw wrong("input is missing", id);
  if (outcome !== "ok" && outcome !== "rejected" && outcome !== "unknown") {
    throw wrong(`outcome is ${JSON.stringify(outcome)}, not ok, rejected or unknown`, id);
  }
  const invoke = readTime(value.invoke);
  if (invoke === undefined) throw wrong("invoke is not a time", id);
  const end = value.return === undefined || value.return === null ? undefined : readTime(value.return);
  if (end === undefined && value.return !== undefined && value.return !== null) {
    throw wrong("return is not a time", id);
  }
  return {
    id,
    process,
    invoke,
    ...(end !== undefined && { return: end }),
    input,
    ...("output" in value && { output: value.output }),
    outcome: outcome satisfies Outcome,
  };
}

function readTime(value: unknown): number | undefined {
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-Infinity") return Number.NEGATIVE_INFINITY;
  return typeof value === "number" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
