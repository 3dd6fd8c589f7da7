import pc from "picocolors";
import type { ProveEvent } from "../../engine/prove/events.ts";
import { weaknessOf } from "../../findings/catalogue.ts";
import { historyIn } from "../../findings/evidence.ts";
import type { OperationRef } from "../../findings/finding.ts";
import type { ProvenFinding, ProveReport, SuspectedGap } from "../../findings/prove-report.ts";
import { inert } from "../../inert.ts";
import type { Output } from "../reporter.ts";
import { boundText } from "./bound.ts";
import { liveLine } from "./live.ts";
import { RacesUnderWay } from "./under-way.ts";

type Colors = ReturnType<typeof pc.createColors>;

/** The look of `prove`: the steps as they are taken, and one page at the end. */
export function proveReporter(output: Output, folder: string) {
  const color = pc.createColors(output.color);
  const live = liveLine(output);
  const print = (line = "") => {
    live.clear();
    output.write(`${line}\n`);
  };
  const phase = (name: string, text: string, ms?: number) =>
    print(
      `  ${name.padEnd(8)} ${inert(text).padEnd(66)} ${ms === undefined ? "" : `${(ms / 1000).toFixed(1)} s`.padStart(7)}`.trimEnd(),
    );
  const underWay = new RacesUnderWay("  race     ");
  const on = (event: ProveEvent): void => {
    switch (event.type) {
      case "prove-started":
        print(
          `${color.bold("deadheat")} ${event.version} · prove ${inert(event.project)} · seed ${inert(event.seed)}\n`,
        );
        return;
      case "analysed":
        phase("source", `${event.files} Python files · ${event.gaps} suspected gaps`, event.ms);
        return;
      case "step":
        phase(event.step, event.text, event.ms > 0 ? event.ms : undefined);
        return;
      case "documented":
        phase("document", `${event.operations} operations · from ${event.from.join(" and ")}`, event.ms);
        return;
      case "note":
        phase("note", event.text);
        return;
      case "fixed":
        phase(
          "fix",
          `${event.gaps} gaps fixed in ${event.files} files of a copy, ${event.left} left`,
          event.ms,
        );
        return;
      case "verified":
        live.show(`  verify   ${event.result.status} ${inert(event.result.id)}`);
        return;
      case "scan":
        onScan(event.event);
        return;
      case "proved":
        for (const line of provePage(event.report, folder, color)) print(line);
    }
  };
  const onScan = (event: Extract<ProveEvent, { type: "scan" }>["event"]): void => {
    switch (event.type) {
      case "probe":
        for (const note of event.credentials)
          phase("token", `${note.scheme}: ${note.via ?? `none: ${note.reason}`}`);
        return;
      case "remark":
        if (/control matrix/.test(event.text)) phase("note", event.text);
        return;
      case "race-started":
        live.show(underWay.started(event));
        return;
      case "trial":
        live.show(`${underWay.lineOf(event)} · trial ${event.done}/${event.planned}`);
        return;
      case "schedule":
        live.show(
          `${underWay.lineOf(event)} · held before statement ${event.played.realisation.preemption.before}`,
        );
        return;
      case "ended": {
        const judged = event.report.outcomes.filter(
          (one) => one.status === "proven" || one.status === "not-observed",
        ).length;
        phase(
          "race",
          `${judged} races judged of ${event.report.outcomes.length} planned · ${event.requests.toLocaleString("en-US")} requests`,
          event.ms,
        );
      }
    }
  };
  return { on, close: () => live.clear() };
}

/** What was found, as one page: proven, suspected and raced, suspected and not raced, not judged. */
export function provePage(report: ProveReport, folder: string, color: Colors): string[] {
  return [
    ...startedLines(report, color),
    ...failedLines(report, color),
    ...section("Proven", report.findings, (one) => provenLines(one, folder, color), color),
    ...suspectedSections(report, color),
    ...fixLines(report, folder, color),
    ...unjudgedLines(report, color),
    ...errorLines(report, color),
    ...omittedLines(report, color),
    "",
    tally(report),
    `report  ${inert(folder)}/prove.json`,
  ];
}

function startedLines({ started }: ProveReport, color: Colors): string[] {
  if (!started) return [];
  const made = started.madeUp.map(({ name, as }) => `${name} (${as})`);
  return [
    ...(made.length > 0 ? [`  made up  ${inert(made.join(", "))}: no value was given`] : []),
    ...started.replaced.map((one) => `  replaced ${inert(one)}`),
    ...started.notes.map((one) => color.yellow(`  note     ${inert(one)}`)),
  ];
}

function failedLines({ failed }: ProveReport, color: Colors): string[] {
  if (!failed) return [];
  return [
    "",
    color.red(`✗ not started: ${inert(failed.step)}: ${inert(failed.reason)}`),
    ...failed.lines.map((line) => `    ${inert(line)}`),
    `  config   ${inert(failed.hint)}`,
  ];
}

function section<T>(
  title: string,
  items: readonly T[],
  lines: (one: T) => readonly string[],
  color: Colors,
): string[] {
  if (items.length === 0) return [];
  return ["", color.bold(`${title} (${items.length})`), ...items.flatMap(lines)];
}

function provenLines(finding: ProvenFinding, folder: string, color: Colors): string[] {
  const { weakness, operation, severity, evidence } = finding;
  const lines = [
    "",
    `${color.red("✗")} ${color.bold(inert(weakness).padEnd(18))} ${inert(nameOf(operation)).padEnd(44)} ${severity}`,
  ];
  const history = historyIn(evidence);
  for (const one of evidence) {
    if (one.kind === "runtime") lines.push(`  run       ${inert(one.summary)}`);
    if (one.kind === "interleaving")
      lines.push(
        `  schedule  ${inert(one.names[one.preemption.held === "first" ? 0 : 1])} held before its statement ${one.preemption.before}, ${inert(shortened(one.statement))}; ` +
          `found with schedule ${one.found} in ${(one.afterMs / 1000).toFixed(1)} s`,
      );
    if (one.kind === "source")
      lines.push(
        `  source    ${inert(`${one.file}:${one.line}`)} ${inert(one.function)} (${inert(one.rule)}): ${inert(one.summary)}`,
        ...pathLine(one.path),
      );
    if (one.kind === "spec")
      lines.push(
        `  spec      ${inert(`${one.location.file}:${one.location.line}`)}: ${inert(one.reasons[0] ?? "")}`,
      );
  }
  if (finding.source !== "found") lines.push("  source    not found in source");
  if (history?.rate) lines.push(`  rate      ${history.rate.races} of ${history.rate.trials} further trials`);
  if (finding.fix) lines.push(`  fix       ${inert(fixText(finding.fix))}`);
  const fix = evidence.find((one) => one.kind === "source")?.fix ?? weaknessOf(weakness)?.fix;
  if (fix && finding.fix?.status !== "gone") lines.push(`  advice    ${inert(fix)}`);
  lines.push(`  witness   ${inert(folder)}/${inert(finding.id)}.json`);
  return lines;
}

/** `route a.py:3 → authentication b.py:9 → read c.py:12 → write c.py:15`. */
function pathLine(steps: readonly { readonly role: string; readonly file: string; readonly line: number }[]) {
  if (steps.length < 2) return [];
  return [`  path      ${inert(steps.map(({ role, file, line }) => `${role} ${file}:${line}`).join(" → "))}`];
}

function fixText({ status, kinds, reason, bound }: NonNullable<ProvenFinding["fix"]>): string {
  const by = kinds.length > 0 ? `${kinds.join(", ")}: ` : "";
  if (status === "gone") return `${by}gone: ${bound ? boundText(bound) : ""}`;
  if (status === "still-racing") return `${by}STILL RACING`;
  return `${by}${status === "not-fixed" ? "not fixed" : "not comparable"}: ${reason ?? ""}`;
}

function shortened(sql: string): string {
  const text = sql.replace(/\s+/g, " ");
  return text.length > 70 ? `${text.slice(0, 69)}…` : text;
}

function suspectedSections({ suspected }: ProveReport, color: Colors): string[] {
  const clean = suspected.filter(({ raced }) => raced.status === "not-observed");
  const rest = suspected.filter(({ raced }) => raced.status !== "not-observed");
  return [
    ...section("Suspected in the source, raced, not observed", clean, (one) => gapLines(one, color), color),
    ...section("Suspected in the source, not judged", rest, (one) => gapLines(one, color), color),
  ];
}

function gapLines({ weakness, operation, evidence, raced, severity }: SuspectedGap, color: Colors): string[] {
  const sign = raced.status === "not-observed" ? "·" : color.yellow("?");
  return [
    "",
    `${sign} ${inert(weakness).padEnd(18)} ${inert(operation ? nameOf(operation) : "no operation").padEnd(44)} ${severity}`,
    `  source    ${inert(`${evidence.file}:${evidence.line}`)} ${inert(evidence.function)} (${inert(evidence.rule)}): ${inert(evidence.summary)}`,
    `  raced     ${inert(racedText(raced))}`,
  ];
}

function racedText(raced: SuspectedGap["raced"]): string {
  if (raced.status === "not-raced") return raced.reason;
  if (raced.status !== "not-observed") return `${raced.status}: ${raced.reason ?? ""}`;
  const { schedules, overlapped, bound } = raced;
  const parts = [
    ...(schedules && schedules.realised > 0
      ? [`${schedules.realised} of ${schedules.planned} orders of SQL statements realised`]
      : []),
    ...(overlapped > 0
      ? [
          `${overlapped} overlapped trials${bound === undefined ? "" : ` (< ${(Math.ceil(bound * 1000) / 10).toFixed(1)} %)`}`,
        ]
      : []),
  ];
  return `not observed in ${parts.join(" and ")}`;
}

function fixLines({ fix }: ProveReport, folder: string, color: Colors): string[] {
  if (!fix) return [];
  const { patches, warnings, unfixed, failed, tests } = fix;
  return [
    "",
    color.bold("The fix"),
    "",
    ...(patches.length > 0
      ? [
          `  diff      ${inert(folder)}/fix.patch: ${inert(patches.map(({ file, isNew }) => (isNew ? `${file} (new)` : file)).join(", "))}`,
        ]
      : ["  none      nothing of it can be fixed automatically"]),
    ...warnings.map((one) => color.yellow(`  warning   ${inert(one)}`)),
    ...unfixed.map(
      ({ file, line, rule, reason }) =>
        `  left      ${inert(`${file}:${line}`)} (${inert(rule)}): ${inert(reason)}`,
    ),
    ...(patches.length === 0 || failed ? [] : testLines(tests, color)),
    ...(failed
      ? [
          color.red(`  failed    ${inert(failed.step)}: ${inert(failed.reason)}`),
          ...failed.lines.map((one) => `    ${inert(one)}`),
        ]
      : []),
  ];
}

const TESTED = {
  passed: "passed on the fixed copy",
  failed: "FAILED on the fixed copy, and passed without the fix",
  "failed-before": "failed on the fixed copy, and without the fix as well",
} as const;

function testLines(tests: NonNullable<ProveReport["fix"]>["tests"], color: Colors): string[] {
  if (!tests)
    return ["  tests     the project's own were not run: name their commands under prove: { tests: […] }"];
  return tests.flatMap(({ command, status, lines }) => [
    (status === "failed" ? color.red : String)(`  tests     ${inert(command)}: ${TESTED[status]}`),
    ...lines.map((one) => `    ${inert(one)}`),
  ]);
}

/** Of all races, not only those that the source suspects: by reason, the commonest first. */
function unjudgedLines({ scan }: ProveReport, color: Colors): string[] {
  const open = (scan?.outcomes ?? []).filter(
    (one) => one.status === "inconclusive" || one.status === "model-unfit",
  );
  if (open.length === 0) return [];
  const byReason = new Map<string, string[]>();
  for (const one of open) {
    const reason = `${one.status}: ${one.reason ?? ""}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), `${one.weakness} ${nameOf(one.operation)}`]);
  }
  const sorted = [...byReason].sort((a, b) => b[1].length - a[1].length);
  return [
    "",
    color.bold(`Not judged (${open.length})`),
    "",
    ...sorted.map(
      ([reason, names]) =>
        `? ${inert(names.slice(0, 2).join(", "))}${names.length > 2 ? ` and ${names.length - 2} more` : ""}\n  ${inert(reason)}`,
    ),
  ];
}

/** Often the reason why something could not be judged; some are what a race makes of a unique constraint. */
function errorLines({ started }: ProveReport, color: Colors): string[] {
  if (!started || started.errors.length === 0) return [];
  return ["", color.bold("Exceptions of the project"), "", ...started.errors.map((one) => `  ${inert(one)}`)];
}

function omittedLines({ omitted }: ProveReport, color: Colors): string[] {
  if (omitted.length === 0) return [];
  return [
    "",
    color.bold(`Left out (${omitted.length})`),
    "",
    ...omitted.map(({ operation, reason }) => `  ${inert(nameOf(operation))}: it ${inert(reason)}`),
  ];
}

function tally({ findings, suspected, scan, fix, failed, durationMs }: ProveReport): string {
  const of = (status: string) => suspected.filter(({ raced }) => raced.status === status).length;
  const silent = (scan?.outcomes ?? []).filter((one) => one.status === "not-observed").length;
  const open = (scan?.outcomes ?? []).filter(
    (one) => one.status === "inconclusive" || one.status === "model-unfit",
  ).length;
  const gone = findings.filter((one) => one.fix?.status === "gone").length;
  const withSource = findings.filter((one) => one.source === "found").length;
  return [
    ...(failed ? ["not started"] : []),
    `${findings.length} proven (${withSource} with their place in the source)`,
    ...(fix ? [`${gone} fixed and verified gone`, `${findings.length - gone} left`] : []),
    `${of("not-observed")} suspected and raced clean`,
    `${suspected.length - of("not-observed")} suspected and not judged`,
    `${silent} races not observed`,
    `${open} not judged`,
    `${(durationMs / 1000).toFixed(1)} s`,
  ].join(" · ");
}

function nameOf({ method, path }: OperationRef): string {
  return `${method} ${path}`;
}
