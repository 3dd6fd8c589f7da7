import { OracleError } from "../errors.ts";
import type { History, Operation } from "../history.ts";
import type { CasRegisterInput } from "../models/cas-register.ts";
import type { Scalar } from "../models/register.ts";

type CasOperation = Operation<CasRegisterInput, Scalar | undefined>;

const LINE = /^INFO\s+jepsen\.util - (\S+)\t:(invoke|ok|fail|info)\t:(read|write|cas)\t(.*)$/;
const PAIR = /^\[(-?\d+) (-?\d+)\]$/;

/**
 * Reads a Jepsen log of a compare-and-set register (`INFO  jepsen.util - 3⇥:invoke⇥:cas⇥[1 4]`). Time is
 * the line number, from 1. A `cas` that failed compared unequal; a read that timed out is left out;
 * whatever else timed out or never completed is `unknown`. Lines of other kinds are skipped.
 *
 * @throws OracleError `malformed-history` with the line number
 */
export function readJepsenEtcd(text: string): History<CasRegisterInput, Scalar | undefined> {
  const operations: CasOperation[] = [];
  const open = new Map<string, { input: CasRegisterInput; invoke: number; index: number }>();
  let line = 0;
  for (const row of text.split("\n")) {
    line++;
    const match = LINE.exec(row.trimEnd());
    if (match === null) continue;
    const [, process = "", type, f = "", value = ""] = match;
    if (type === "invoke") {
      if (open.has(process)) throw malformed(line, `process ${process} invokes again before it returned`);
      const input = readInput(f, value, line);
      open.set(process, { input, invoke: line, index: operations.length });
      operations.push(pending(process, line, input));
      continue;
    }
    const call = open.get(process);
    if (call === undefined) throw malformed(line, `process ${process} returns without an invoke`);
    if (call.input.type !== f)
      throw malformed(line, `process ${process} invoked ${call.input.type}, not ${f}`);
    open.delete(process);
    if (type === "info" || (type === "fail" && f !== "cas")) continue;
    const answered = { ...operations[call.index]!, return: line };
    operations[call.index] =
      type === "fail"
        ? { ...answered, outcome: "rejected" }
        : { ...answered, outcome: "ok", ...(f === "read" && { output: readValue(value, line) }) };
  }
  // A read without an answer says nothing and changes nothing.
  return operations.filter(({ input, outcome }) => input.type !== "read" || outcome !== "unknown");
}

function pending(process: string, invoke: number, input: CasRegisterInput): CasOperation {
  return { id: `${invoke}`, process, invoke, input, outcome: "unknown" };
}

function readInput(f: string, value: string, line: number): CasRegisterInput {
  if (f === "read") return { type: "read" };
  if (f === "write") return { type: "write", value: readValue(value, line) };
  const pair = PAIR.exec(value);
  if (pair === null) throw malformed(line, `${value} is not a pair [from to]`);
  return { type: "cas", from: Number(pair[1]), to: Number(pair[2]) };
}

function readValue(value: string, line: number): number | null {
  if (value === "nil") return null;
  if (!/^-?\d+$/.test(value)) throw malformed(line, `${value} is neither a whole number nor nil`);
  return Number(value);
}

function malformed(line: number, what: string): OracleError {
  return new OracleError("malformed-history", `line ${line}: ${what}`);
}
