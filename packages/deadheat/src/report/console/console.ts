import pc from "picocolors";
import type { ScanEvent } from "../../engine/events.ts";
import { weaknessOf } from "../../findings/catalogue.ts";
import type { ControlRow } from "../../findings/controls.ts";
import { historyIn, type RuntimeEvidence, type SourceEvidence } from "../../findings/evidence.ts";
import type { Finding, RaceOutcome } from "../../findings/finding.ts";
import type { Cleanup, Report } from "../../findings/report.ts";
import { inert } from "../../inert.ts";
import type { ReportPaths } from "../paths.ts";
import type { Output, Reporter } from "../reporter.ts";
import { transportLines } from "../transports.ts";
import { controlTable, exhibitLines } from "./controls.ts";
import { diagram } from "./diagram.ts";
import { lanes } from "./lanes.ts";
import { liveLine } from "./live.ts";
import { transactionLines } from "./transactions.ts";
import { RacesUnderWay } from "./under-way.ts";

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
  const underWay = new RacesUnderWay("  race    ");
  let probed = false;
  let controlsMs = 0;
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
      case "warning":
        print(color.red(color.bold(`  WARNING ${inert(event.text)}`)));
        return;
      case "degraded":
        print(color.yellow(`  mode    ${inert(event.reason)}`));
        return;
      case "remark":
        print(color.yellow(`  note    ${inert(event.text)}`));
        return;
      case "probe": {
        probed = true;
        const [used = "", ...others] = transportLines(event.transports);
        phase("probe", used, event.ms);
        for (const other of others) print(`          ${other}`);
        for (const note of event.credentials)
          print(`  token   ${inert(note.scheme)}: ${inert(note.via ?? `none: ${note.reason}`)}`);
        return;
      }
      case "race-started":
        live.show(underWay.started(event));
        return;
      case "trial":
        live.show(
          `${underWay.lineOf(event)} · trial ${event.done}/${event.planned} · ${number(event.requests)} requests`,
        );
        return;
      case "cleanup":
        for (const text of cleanupTexts(event.cleanup)) print(color.yellow(`  note    ${inert(text)}`));
        return;
      case "controls":
        controlsMs = event.ms;
        return;
      case "schedule": {
        const { before } = event.played.realisation.preemption;
        live.show(`${underWay.lineOf(event)} · schedule: held before statement ${before}`);
        return;
      }
      case "race-ended":
      case "finding":
        return;
      case "ended":
        summary(event);
    }
  };
  const summary = ({ report, requests, ms }: Extract<ScanEvent, { type: "ended" }>) => {
    const races = report.outcomes.filter(isRace);
    const judged = races.filter((one) => one.status !== "not-applicable").length;
    phase(
      "race",
      `${judged} races judged of ${races.length} planned · ${number(requests)} requests`,
      ms - controlsMs,
    );
    if (report.controls.length > 0) phase("control", controlsText(report.controls), controlsMs);
    for (const line of controlTable(report.controls, color)) print(line);
    for (const line of transactionLines(report.transactions ?? [], color)) print(line);
    for (const finding of report.findings)
      print(findingText(finding, paths.finding(report, finding), paths.history(report, finding), color));
    for (const outcome of report.outcomes.filter(isOpen)) print(openText(outcome, color));
    const silent = report.outcomes.filter((one) => one.status === "not-observed");
    for (const outcome of silent) print(silentText(outcome));
    for (const outcome of report.outcomes) {
      if (outcome.schedules) print(schedulesText(outcome, outcome.schedules));
      for (const remark of outcome.remarks ?? [])
        print(color.yellow(`\n! ${inert(operationOf(outcome))}  ${inert(remark)}`));
    }
    print();
    print(`${tally(report)} · ${seconds(ms)}`);
    print(`grade   ${gradeText(report)}`);
    print(`report  ${inert(paths.report(report))}`);
    print(`page    ${inert(paths.page(report))}`);
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
    `${markOf(finding, color)} ${color.bold(finding.weakness.padEnd(16))} ${inert(operationOf(finding)).padEnd(40)} ${finding.severity}${cwe}${finding.status === "suspected" ? " · suspected" : ""}`,
    ...acceptedLines(finding),
  ];
  const runtime = historyIn(finding.evidence);
  if (runtime) {
    lines.push(`  ${inert(runtime.summary)}`, `  ${rateText(runtime)}`, "");
    lines.push(...diagram(runtime, operationOf(finding), color).map((line) => `    ${line}`), "");
  }
  for (const one of finding.evidence) {
    if (one.kind === "source") lines.push(...sourceLines(one));
    if (one.kind === "interleaving")
      lines.push(
        `  ${inert(one.summary)} Found with schedule ${one.found}, ${seconds(one.afterMs)} after the first capture began.`,
        "",
        // A deadlock has no state to explain: it is an order that ended one of the two.
        ...lanes(one.names, one.steps, color, runtime !== undefined).map((line) => `  ${line}`),
        "",
      );
  }
  lines.push(...exhibitLines(finding.evidence, color));
  if (runtime) lines.push(`  replay  deadheat replay ${inert(path)}`);
  else lines.push(`  report  ${inert(path)}`);
  if (runtime)
    lines.push(`  check   deadheat history check ${inert(history)} --model ${inert(runtime.model)}`);
  if (weakness) lines.push(`  fix     ${weakness.fix}`, `          docs/weaknesses/${weakness.id}.md`);
  return lines.join("\n");
}

/** What fails a build begins with `✗`, and nothing else does. */
function markOf({ status, accepted }: Finding, color: Colors): string {
  if (accepted) return color.dim("–");
  return status === "proven" ? color.red("✗") : color.yellow("?");
}

function acceptedLines({ accepted }: Finding): string[] {
  return accepted ? [`  accepted until ${inert(accepted.expires)}: ${inert(accepted.reason)}`] : [];
}

function sourceLines({ summary, path }: SourceEvidence): string[] {
  const width = Math.max(...path.map((one) => one.role.length), 0);
  const places = path.map(
    ({ role, file, line, text }) =>
      `    ${inert(role).padEnd(width)}  ${inert(`${file}:${line}`)}  ${inert(text)}`,
  );
  return [`  ${inert(summary)}`, "", ...places, ""];
}

function rateText({ rate, witness, transport, window }: RuntimeEvidence): string {
  const seen = rate ? `${rate.races} of ${rate.trials} further trials · ` : "";
  const where = window
    ? ` · window ${window.fromMs.toFixed(1)} to ${window.toMs.toFixed(1)} ms after the call left`
    : "";
  return `${seen}witness: ${inert(witness.join(", "))} · ${inert(transport)}${where}`;
}

function isOpen(outcome: RaceOutcome): boolean {
  return outcome.status === "inconclusive" || outcome.status === "model-unfit";
}

function openText(outcome: RaceOutcome, color: Colors): string {
  const head = `${color.yellow("?")} ${outcome.weakness.padEnd(16)} ${inert(operationOf(outcome)).padEnd(40)} ${outcome.status}`;
  return `\n${head}\n  ${inert(outcome.reason ?? "")}`;
}

/** Whether its proof needs requests that land together; exchanges of one call at a time are told apart. */
function isRace({ weakness }: RaceOutcome): boolean {
  return weaknessOf(weakness)?.proof === undefined;
}

function controlsText(rows: readonly ControlRow[]): string {
  const declared = rows.filter((one) => one.declared.length > 0);
  const tested = declared.filter((one) => one.reason === undefined).length;
  return `${tested} operations tested of ${declared.length} that declare a credential`;
}

function silentText(outcome: RaceOutcome): string {
  if (!isRace(outcome))
    return `\n· ${outcome.weakness.padEnd(16)} ${inert(operationOf(outcome)).padEnd(40)} not observed: ${inert(outcome.reason ?? "")}`;
  const bound = outcome.bound === undefined ? "" : ` (< ${percent(outcome.bound)})`;
  return `\n· ${outcome.weakness.padEnd(16)} ${inert(operationOf(outcome)).padEnd(40)} not observed in ${outcome.overlapped} overlapped trials${bound}`;
}

/** A schedule that was not realised supports nothing: said, not counted in silence. */
function schedulesText(
  outcome: RaceOutcome,
  {
    planned,
    realised,
    unrealised,
    skipped,
    uncovered,
    reasons,
    ...failed
  }: NonNullable<RaceOutcome["schedules"]>,
): string {
  const untried = planned - realised - unrealised;
  const head =
    `\n  ${outcome.weakness.padEnd(16)} ${inert(operationOf(outcome)).padEnd(40)} schedules: ${planned} planned, ` +
    `${realised} realised, ${unrealised} not${untried > 0 ? `, ${untried} not needed` : ""}, ${skipped} skipped`;
  const lines = [
    ...reasons.map((one) => `not realised: ${one}`),
    ...(failed.deadlocks > 0 ? [`deadlocks: ${failed.deadlocks} (lock-order)`] : []),
    ...(failed.serializationFailures > 0 ? [`serialization failures: ${failed.serializationFailures}`] : []),
    ...uncovered.map((one) => `uncovered: ${one}`),
  ];
  return [head, ...lines.map((one) => `    ${inert(one)}`)].join("\n");
}

function operationOf({
  operation,
}: {
  readonly operation: { readonly method: string; readonly path: string };
}): string {
  return `${operation.method} ${operation.path}`;
}

function tally(report: Report): string {
  const races = report.outcomes.filter(isRace);
  const count = (status: string) => races.filter((one) => one.status === status).length;
  const proven = count("proven");
  const shown = report.outcomes.filter((one) => one.status === "proven");
  const broken = shown.filter((one) => weaknessOf(one.weakness)?.proof === "exchange").length;
  const held = shown.filter((one) => weaknessOf(one.weakness)?.proof === "measured").length;
  const deadlocks = shown.filter((one) => weaknessOf(one.weakness)?.proof === "schedule").length;
  const silent = races.filter((one) => one.status === "not-observed");
  const worst = Math.max(0, ...silent.map((one) => one.bound ?? 1));
  return [
    proven === 1 ? "1 race" : `${proven} races`,
    ...(broken > 0 ? [broken === 1 ? "1 control not in force" : `${broken} controls not in force`] : []),
    ...(held > 0 ? [held === 1 ? "1 lock held" : `${held} locks held`] : []),
    ...(deadlocks > 0 ? [deadlocks === 1 ? "1 deadlock" : `${deadlocks} deadlocks`] : []),
    `${count("inconclusive")} inconclusive`,
    ...(count("model-unfit") > 0 ? [`${count("model-unfit")} model-unfit`] : []),
    silent.length > 0 ? `${silent.length} not observed (< ${percent(worst)})` : "0 not observed",
    `${count("not-applicable")} not applicable`,
  ].join(" · ");
}

/** A letter alone would hide what it does not rest on. */
function gradeText({ grade, score, scoring }: Report): string {
  const words = inert(scoring?.words ?? "");
  const basis = words === "" ? "" : ` · ${words}`;
  return grade === null ? words || "none" : `${grade} · ${score} of 100${basis}`;
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
