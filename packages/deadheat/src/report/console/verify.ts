import pc from "picocolors";
import { historyIn } from "../../findings/evidence.ts";
import type { VerifyReport, VerifyResult } from "../../findings/verify-report.ts";
import { inert } from "../../inert.ts";
import { boundText } from "./bound.ts";

/** What became of each proof, one block each, and a line to end. */
export function verifyPage(report: VerifyReport, folder: string, isColor: boolean): string {
  const color = pc.createColors(isColor);
  const count = (status: VerifyResult["status"]) =>
    report.results.filter((one) => one.status === status).length;
  const blocks = report.results.map((one) => {
    const name = `${inert(one.weakness).padEnd(18)} ${inert(`${one.operation.method} ${one.operation.path}`).padEnd(44)}`;
    if (one.status === "gone")
      return `${color.green("✓")} ${name} gone\n  not observed in ${one.bound ? boundText(one.bound) : ""}; one call at a time it works as it did`;
    if (one.status === "not-comparable")
      return `${color.yellow("?")} ${name} not comparable\n  ${inert(one.reason ?? "")}`;
    const history = one.witness && historyIn(one.witness.evidence);
    return `${color.red("✗")} ${name} still racing\n  ${inert(history?.summary ?? "")}`;
  });
  const seconds = (report.durationMs / 1000).toFixed(1);
  return `\n${blocks.join("\n\n")}\n\n${count("gone")} gone · ${count("still-racing")} still racing · ${count("not-comparable")} not comparable · ${seconds} s\nreport  ${inert(folder)}/verify.json\n`;
}
