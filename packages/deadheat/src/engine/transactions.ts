import type { ControlRow } from "../findings/controls.ts";
import type { TransactionReport } from "../findings/transactions.ts";
import { tablesWritten, transactionReport } from "../interleave/index.ts";
import { refOf } from "../race/index.ts";
import type { Raced } from "./race-all.ts";

/** Its second request ends a token: what it writes is where tokens are kept. */
const ENDS_TOKEN = "revocation-race";

/** One report for each operation whose statements were captured. */
export function transactionReports(raced: readonly Raced[]): TransactionReport[] {
  const tokenTables = new Set<string>();
  for (const { candidate, scripts = [] } of raced)
    if (candidate.weakness === ENDS_TOKEN)
      for (const { second } of scripts) for (const name of tablesWritten(second)) tokenTables.add(name);
  const reports = new Map<string, TransactionReport>();
  for (const { candidate, scripts = [] } of raced) {
    const { operation } = candidate.act;
    const captured = scripts[0]?.first;
    if (!captured || captured.length === 0 || reports.has(operation.id)) continue;
    reports.set(operation.id, transactionReport(refOf(operation), captured, tokenTables));
  }
  return [...reports.values()];
}

/** The matrix's column "token check and write in one transaction". */
export function withTransactions(
  rows: readonly ControlRow[],
  reports: readonly TransactionReport[],
): ControlRow[] {
  return rows.map((row) => {
    const { method, path } = row.operation;
    const report = reports.find((one) => one.operation.method === method && one.operation.path === path);
    return report ? { ...row, atomic: report.atomic } : row;
  });
}
