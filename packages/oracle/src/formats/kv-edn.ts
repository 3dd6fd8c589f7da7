import { OracleError } from "../errors.ts";
import type { History, Operation } from "../history.ts";
import type { KvInput } from "../models/kv.ts";

const LINE =
  /^\{:process (\d+), :type :(invoke|ok|fail|info), :f :(get|put|append), :key ("(?:[^"\\]|\\.)*"), :value (nil|"(?:[^"\\]|\\.)*")\}$/;

/**
 * Reads a key-value history in EDN, a map a line (`{:process 3, :type :invoke, :f :put, :key "a",
 * :value "x"}`). Time is the line number, from 1. What returned `:info` or never is `unknown`; `:fail`
 * had no effect and is left out. Empty lines are skipped.
 *
 * @throws OracleError `malformed-history` with the line number
 */
export function readKvEdn(text: string): History<KvInput, string | undefined> {
  const operations: (Operation<KvInput, string | undefined> | undefined)[] = [];
  const open = new Map<string, number>();
  let line = 0;
  for (const row of text.split("\n")) {
    line++;
    const trimmed = row.trim();
    if (trimmed === "") continue;
    const match = LINE.exec(trimmed);
    if (match === null) throw malformed(line, "not an operation of a key-value history");
    const [, process = "", type, f = "", keyText = "", valueText = ""] = match;
    const key = unquote(keyText, line);
    if (type === "invoke") {
      if (open.has(process)) throw malformed(line, `process ${process} invokes again before it returned`);
      const input: KvInput =
        f === "get"
          ? { type: "get", key }
          : { type: f as "put" | "append", key, value: orEmpty(valueText, line) };
      open.set(process, operations.length);
      operations.push({ id: `${line}`, process: Number(process), invoke: line, input, outcome: "unknown" });
      continue;
    }
    const index = open.get(process);
    const call = index === undefined ? undefined : operations[index];
    if (index === undefined || call === undefined) {
      throw malformed(line, `process ${process} returns without an invoke`);
    }
    if (call.input.type !== f || call.input.key !== key) {
      throw malformed(line, `process ${process} returns from another operation than it invoked`);
    }
    open.delete(process);
    if (type === "info") continue;
    operations[index] =
      type === "fail"
        ? undefined
        : { ...call, return: line, outcome: "ok", ...(f === "get" && { output: orEmpty(valueText, line) }) };
  }
  return operations.filter((operation) => operation !== undefined);
}

function orEmpty(value: string, line: number): string {
  return value === "nil" ? "" : unquote(value, line);
}

function unquote(text: string, line: number): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw malformed(line, `${text} is not a string`);
  }
}

function malformed(line: number, what: string): OracleError {
  return new OracleError("malformed-history", `line ${line}: ${what}`);
}
