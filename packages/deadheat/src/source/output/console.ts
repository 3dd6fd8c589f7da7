import pc from "picocolors";
import { inert } from "../../inert.ts";
import type { CheckReport, SourceFinding } from "../finding.ts";

const SHOWN = new Set(["high", "medium"]);

export interface ConsoleOptions {
  readonly color: boolean;
  /** Also low and info. */
  readonly all: boolean;
}

/** Findings as paths: route → authentication → read → test → write, each with its line. */
export function checkAsText(report: CheckReport, options: ConsoleOptions): string {
  const colors = pc.createColors(options.color);
  const shown = report.findings.filter((one) => options.all || SHOWN.has(one.severity));
  const blocks = shown.map((one) => block(one, colors));
  const quiet = report.findings.length - shown.length;
  const lines = [
    ...blocks,
    ...report.partial.slice(0, 10).map((one) => `! ${inert(one.file)}: ${inert(one.reason)}`),
    ...(report.partial.length > 10 ? [`! and ${report.partial.length - 10} more files in part`] : []),
    summary(report, quiet),
  ];
  return `${lines.join("\n")}\n`;
}

function block(finding: SourceFinding, colors: ReturnType<typeof pc.createColors>): string {
  const paint =
    finding.severity === "high" ? colors.red : finding.severity === "medium" ? colors.yellow : colors.dim;
  const place = `${finding.file}:${finding.line}`;
  const operation = finding.operation ? `${finding.operation.method} ${finding.operation.path}   ` : "";
  const width = Math.max(...finding.path.map((step) => `${step.file}:${step.line}`.length));
  return [
    `${paint("?")} ${colors.bold(finding.rule)}   ${inert(operation)}${inert(finding.function)}   ${paint(finding.severity)}`,
    `  ${inert(finding.message)}.`,
    "",
    ...finding.path.map(
      (step) =>
        `    ${step.role.padEnd(14)} ${inert(`${step.file}:${step.line}`).padEnd(width)}  ${inert(step.text)}${step.note ? colors.dim(`  (${inert(step.note)})`) : ""}`,
    ),
    "",
    `  because ${inert(finding.because)}`,
    ...(finding.interleaving.length > 0
      ? ["  two requests", ...finding.interleaving.map((one) => `    ${inert(one)}`)]
      : []),
    `  fix     ${inert(finding.fix)}`,
    `          ${colors.dim(`docs/rules/${finding.rule}.md`)}   ${colors.dim(inert(place))}`,
    "",
  ].join("\n");
}

function summary(report: CheckReport, quiet: number): string {
  const count = (severity: SourceFinding["severity"]) =>
    report.findings.filter((one) => one.severity === severity).length;
  return [
    `${count("high")} high · ${count("medium")} medium · ${count("low")} low`,
    `${report.files} files · ${(report.bytes / 1e6).toFixed(1)} MB · ${(report.durationMs / 1000).toFixed(1)} s`,
    ...(report.ignored > 0 ? [`${report.ignored} ignored`] : []),
    ...(quiet > 0 ? [`${quiet} low not shown (--all)`] : []),
    "suspected from source; nothing was run",
  ].join(" · ");
}
