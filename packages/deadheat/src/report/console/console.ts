import pc from "picocolors";
import type { ScanEvent } from "../../engine/events.ts";
import { weaknessOf } from "../../findings/catalogue.ts";
import { historyIn, type RuntimeEvidence } from "../../findings/evidence.ts";
import type { Finding, RaceOutcome } from "../../findings/finding.ts";
import type { Cleanup, Report } from "../../findings/report.ts";
import { inert } from "../inert.ts";
import type { Output, Reporter } from "../reporter.ts";
import { diagram } from "./diagram.ts";
import { liveLine } from "./live.ts";

/** Where the files of a report are, as printed. */
export interface ReportPaths {
  report(report: Report): string;
  finding(report: Report, finding: Finding): string;
  history(report: Report, finding: Finding): string;
}

/** The look of a scan for people: progress, findings, what was not observed, one line to end. */
export function consoleReporter(output: Output, paths: ReportPaths): Reporter {
  const color = pc.createColors(output.color);
  const live = liveLine(output);
  const print = (line = "") => {
    live.clear();
    output.write(`${line}\n`);
  };
  const phase = (name: string, text: string, ms: number) =>
    print(`  ${name.padEnd(7)} ${text.padEnd(58)} ${seconds(ms).padStart(7)}`);
  let raceStart = "";
  let probed = false;
  const on = (event: ScanEvent): void => {
    switch (event.type) {
      case "started":
        print(
          `${color.bold("deadheat")} ${event.version} · ${inert(event.origin)} · ${inert(event.document)} · seed ${inert(event.seed)}\n`,
        );
        return;
      case "spec":
        phase(
          "spec",
          `${event.operations} operations · ${event.bearer} bearer · ${event.candidates} planned races`,
          event.ms,
        );
        return;
      case "remark":
        print(color.yellow(`  note    ${inert(event.text)}`));
        return;
      case "probe": {
        probed = true;
        phase("probe", event.transports.join(" · "), event.ms);
        for (const note of event.credentials)
          print(`  token   ${inert(note.scheme)}: ${inert(note.via ?? `none: ${note.reason}`)}`);
        return;
      }
      case "race-started":
        raceStart = `  race    ${event.index + 1}/${event.of} ${event.weakness} · ${inert(event.operation)}`;
        live.show(raceStart);
        return;
      case "trial":
        live.show(`${raceStart} · trial ${event.done}/${event.planned} · ${number(event.requests)} requests`);
        return;
      case "cleanup":
        for (const text of cleanupTexts(event.cleanup)) print(color.yellow(`  note    ${inert(text)}`));
        return;
      case "race-ended":
      case "finding":
        return;
      case "ended":
        summary(event);
    }
  };
  const summary = ({ report, requests, ms }: Extract<ScanEvent, { type: "ended" }>) => {
    const judged = report.outcomes.filter((one) => one.status !== "not-applicable").length;
    phase(
      "race",
      `${judged} races judged of ${report.outcomes.length} planned · ${number(requests)} requests`,
      ms,
    );
    for (const finding of report.findings)
      print(findingText(finding, paths.finding(report, finding), paths.history(report, finding), color));
    for (const outcome of report.outcomes.filter(isOpen)) print(openText(outcome, color));
    const silent = report.outcomes.filter((one) => one.status === "not-observed");
    for (const outcome of silent) print(silentText(outcome));
    for (const outcome of report.outcomes)
      for (const remark of outcome.remarks ?? [])
        print(color.yellow(`\n! ${inert(operationOf(outcome))}  ${inert(remark)}`));
    print();
    print(`${tally(report)} · ${seconds(ms)}`);
    print(`report  ${inert(paths.report(report))}`);
  };
  return { on, close: () => (probed ? live.clear() : undefined) };
}

/** What stayed behind, worst first; what was removed is not worth a line. */
function cleanupTexts({ left }: Cleanup): string[] {
  return [...left]
    .sort((a, b) => b.count - a.count)
    .map(({ by, count, reason }) => `left behind: ${number(count)} × ${by}: ${reason}`);
}

type Colors = ReturnType<typeof pc.createColors>;

function findingText(finding: Finding, path: string, history: string, color: Colors): string {
  const weakness = weaknessOf(finding.weakness);
  const cwe = (weakness?.cwe ?? []).slice(0, 1).map((one) => ` · CWE-${one}`);
  const lines = [
    "",
    `${color.red("✗")} ${color.bold(finding.weakness.padEnd(16))} ${inert(operationOf(finding)).padEnd(40)} ${finding.severity}${cwe}`,
  ];
  const runtime = historyIn(finding.evidence);
  if (runtime) {
    lines.push(`  ${inert(runtime.summary)}`, `  ${rateText(runtime)}`, "");
    lines.push(...diagram(runtime, operationOf(finding), color).map((line) => `    ${line}`), "");
  }
  lines.push(`  replay  deadheat replay ${inert(path)}`);
  if (runtime) lines.push(`  check   deadheat history check ${inert(history)} --model ${runtime.model}`);
  if (weakness) lines.push(`  fix     ${weakness.fix}`, `          docs/weaknesses/${weakness.id}.md`);
  return lines.join("\n");
}

function rateText({ rate, witness, transport }: RuntimeEvidence): string {
  const seen = rate ? `${rate.races} of ${rate.trials} further trials · ` : "";
  return `${seen}witness: ${witness.join(", ")} · ${transport}`;
}

function isOpen(outcome: RaceOutcome): boolean {
  return outcome.status === "inconclusive" || outcome.status === "model-unfit";
}

function openText(outcome: RaceOutcome, color: Colors): string {
  const head = `${color.yellow("?")} ${outcome.weakness.padEnd(16)} ${inert(operationOf(outcome)).padEnd(40)} ${outcome.status}`;
  return `\n${head}\n  ${inert(outcome.reason ?? "")}`;
}

function silentText(outcome: RaceOutcome): string {
  const bound = outcome.bound === undefined ? "" : ` (< ${percent(outcome.bound)})`;
  return `\n· ${outcome.weakness.padEnd(16)} ${inert(operationOf(outcome)).padEnd(40)} not observed in ${outcome.overlapped} overlapped trials${bound}`;
}

function operationOf({
  operation,
}: {
  readonly operation: { readonly method: string; readonly path: string };
}): string {
  return `${operation.method} ${operation.path}`;
}

function tally(report: Report): string {
  const count = (status: string) => report.outcomes.filter((one) => one.status === status).length;
  const proven = count("proven");
  const silent = report.outcomes.filter((one) => one.status === "not-observed");
  const worst = Math.max(0, ...silent.map((one) => one.bound ?? 1));
  return [
    proven === 1 ? "1 race" : `${proven} races`,
    `${count("inconclusive")} inconclusive`,
    ...(count("model-unfit") > 0 ? [`${count("model-unfit")} model-unfit`] : []),
    silent.length > 0 ? `${silent.length} not observed (< ${percent(worst)})` : "0 not observed",
    `${count("not-applicable")} not applicable`,
  ].join(" · ");
}

function percent(share: number): string {
  return `${(Math.ceil(share * 1000) / 10).toFixed(1)} %`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
