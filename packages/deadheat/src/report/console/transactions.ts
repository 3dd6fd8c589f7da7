import type pc from "picocolors";
import type { TransactionReport, TransactionStatement } from "../../findings/transactions.ts";
import { inert } from "../../inert.ts";

type Colors = Pick<ReturnType<typeof pc.createColors>, "bold" | "dim" | "yellow">;

/** What each captured operation says to its database, transaction by transaction. */
export function transactionLines(reports: readonly TransactionReport[], color: Colors): string[] {
  if (reports.length === 0) return [];
  return ["", color.bold("  transactions"), ...reports.flatMap((one) => reportLines(one, color))];
}

function reportLines({ operation, statements, remarks }: TransactionReport, color: Colors): string[] {
  return [
    `  ${inert(`${operation.method} ${operation.path}`)}`,
    ...statements.map((one, index) => statementLine(one, index, color)),
    ...remarks.map((one) => color.yellow(`      ! ${inert(one)}`)),
  ];
}

const WIDTH = 100;

function statementLine(
  { text, transaction, locks, checksToken }: TransactionStatement,
  index: number,
  color: Colors,
): string {
  const bracket = transaction === undefined ? "·" : "│";
  const shown = text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
  const notes = [...(checksToken ? ["token check"] : []), ...(locks === undefined ? [] : [`lock: ${locks}`])];
  const note = notes.length === 0 ? "" : color.dim(`  (${inert(notes.join(", "))})`);
  return `    ${String(index + 1).padStart(2)} ${bracket} ${inert(shown)}${note}`;
}
