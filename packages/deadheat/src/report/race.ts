import pc from "picocolors";
import type { RaceReport } from "../findings/race-report.ts";
import { inert } from "../inert.ts";
import { diagram } from "./console/diagram.ts";
import { lanes } from "./console/lanes.ts";
import { transportText } from "./transports.ts";

/** Lines for people: what is proven and how, or how much silence is worth. */
export function raceText(
  report: RaceReport,
  options: { readonly color?: boolean; readonly witness?: string } = {},
): string {
  const color = pc.createColors(options.color ?? false);
  const lines = [headOf(report, color)];
  const { evidence, reason, remarks = [], cleanup } = report;
  if (evidence) {
    const { rate } = evidence;
    const seen = rate ? `${rate.races} of ${rate.trials} further trials · ` : "";
    lines.push(`  ${inert(evidence.summary)}`);
    lines.push(`  ${seen}witness: ${inert(evidence.witness.join(", "))} · ${inert(evidence.transport)}`, "");
    const why = evidence.model === "invariant" ? "breaks the invariant" : undefined;
    if (report.interleaving) {
      const { names, steps, summary } = report.interleaving;
      lines.push(
        `  ${inert(summary)}`,
        "",
        ...lanes(names, steps, color, true).map((line) => `  ${line}`),
        "",
      );
    }
    lines.push(...diagram(evidence, "", color, why).map((line) => `    ${line}`), "");
    for (const one of evidence.controls) lines.push(`  checked ${inert(one)}`);
    lines.push(`  seed    ${inert(report.seed)}`);
    if (options.witness !== undefined) lines.push(`  replay  deadheat replay ${inert(options.witness)}`);
  } else if (reason !== undefined) lines.push(`  ${inert(reason)}`);
  const { trials, degraded } = report.transports;
  for (const one of trials) lines.push(`  sent    ${transportText(one)}`);
  for (const one of degraded) lines.push(color.yellow(`  mode    ${inert(one.reason)}`));
  if (report.target.insecure)
    lines.push(color.red(color.bold("  WARNING --insecure: certificates were not checked")));
  if (report.schedules) lines.push(...schedulesLines(report.schedules));
  for (const remark of remarks) lines.push(color.yellow(`  ! ${inert(remark)}`));
  for (const { by, count, reason: why } of cleanup.left)
    lines.push(color.yellow(`  ! left behind: ${count} × ${inert(by)}: ${inert(why)}`));
  return lines.join("\n");
}

/** What the orders of SQL statements were worth. */
function schedulesLines({
  planned,
  realised,
  unrealised,
  skipped,
  reasons,
  uncovered,
}: NonNullable<RaceReport["schedules"]>): string[] {
  return [
    `  schedules: ${planned} planned, ${realised} realised, ${unrealised} not, ${skipped} skipped`,
    ...reasons.map((one) => `    not realised: ${inert(one)}`),
    ...uncovered.map((one) => `    uncovered: ${inert(one)}`),
  ];
}

function headOf(report: RaceReport, color: ReturnType<typeof pc.createColors>): string {
  const name = inert(report.scenario.name);
  switch (report.status) {
    case "proven":
      return `${color.red("✗")} ${color.bold(name)}: a race, in trial ${(report.evidence?.trial ?? 0) + 1}`;
    case "not-observed":
      return `· ${name}: not observed in ${report.overlapped} overlapped trials${boundText(report)}`;
    case "violated-sequentially":
      return `${color.yellow("!")} ${name}: violated without any race`;
    default:
      return `${color.yellow("?")} ${name}: ${report.status}`;
  }
}

function boundText({ bound }: RaceReport): string {
  return bound === undefined ? "" : ` (< ${(Math.ceil(bound * 1000) / 10).toFixed(1)} %)`;
}
