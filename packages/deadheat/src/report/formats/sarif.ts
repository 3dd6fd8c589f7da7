import { createHash } from "node:crypto";
import { isAbsolute, relative } from "node:path";
import { type Weakness, weaknessOf } from "../../findings/catalogue.ts";
import type { Evidence, RecordedCall, RuntimeEvidence, SourceEvidence } from "../../findings/evidence.ts";
import type { Finding, RaceOutcome } from "../../findings/finding.ts";
import type { Report } from "../../findings/report.ts";
import { inert, inertJson } from "../../inert.ts";
import { version } from "../../version.ts";
import type { FormatContext } from "../format.ts";
import { isOpen, operationName, outcomeText } from "../words.ts";
import { whole } from "./whole.ts";

/**
 * SARIF 2.1.0 (OASIS). A witness is a code flow of one thread flow a lane, in the order of `executionOrder`; a path
 * through the code is one of one thread flow. What the baseline accepts is suppressed, not left out; what could not be
 * judged is a notification, for it is no result.
 */
export const sarif = whole("sarif", sarifText);

const LEVELS = { high: "error", medium: "warning", low: "note" } as const;
/** GitHub's scale for security alerts: high from 7, medium from 4. */
const SECURITY_SEVERITY = { high: "8.0", medium: "5.5", low: "3.0" } as const;

type Uris = (file: string) => string;

function sarifText(report: Report, { folder }: FormatContext): string {
  const uri: Uris = (file) => {
    const near = isAbsolute(file) ? relative(folder, file) : file;
    const path = near.startsWith("..") ? file : near;
    return path.split(/[\\/]/).map(encodeURIComponent).join("/");
  };
  const ids = [...new Set(report.findings.map((one) => one.weakness))];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "deadheat", version, rules: ids.map((id) => ruleOf(id, report)) } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.outcomes.filter(isOpen).map((one) => notificationOf(one)),
          },
        ],
        results: report.findings.map((one) => resultOf(one, ids.indexOf(one.weakness), report, uri)),
        properties: { grade: report.grade, score: report.score, seed: report.seed },
      },
    ],
  };
  return `${inertJson(log, 2)}\n`;
}

function ruleOf(id: string, { findings }: Report) {
  const weakness = weaknessOf(id);
  const severities = findings.filter((one) => one.weakness === id).map((one) => one.severity);
  const worst = (["high", "medium", "low"] as const).find((one) => severities.includes(one)) ?? "low";
  return {
    id,
    ...(weakness ? textsOf(weakness) : {}),
    defaultConfiguration: { level: LEVELS[worst] },
    properties: {
      "security-severity": SECURITY_SEVERITY[worst],
      tags: ["security", ...(weakness?.cwe ?? []).map((one) => `external/cwe/cwe-${one}`)],
    },
  };
}

function textsOf({ id, title, clause, cwe, owasp, fix }: Weakness) {
  const facts = [`CWE-${cwe.join(", CWE-")}`, ...owasp.map((one) => `OWASP ${one}:2023`), clause].join(" · ");
  return {
    shortDescription: { text: sentence(title) },
    fullDescription: { text: `${sentence(title)} ${facts}.` },
    help: {
      text: `${sentence(fix)} More: deadheat explain ${id}`,
      markdown: `**Fix:** ${sentence(fix)}\n\n${facts}\n\nMore: \`deadheat explain ${id}\``,
    },
  };
}

function resultOf(finding: Finding, ruleIndex: number, report: Report, uri: Uris) {
  const { weakness, status, severity, operation, evidence, accepted } = finding;
  const name = inert(operationName(operation));
  const flows = evidence.flatMap((one) => flowOf(one, evidence, report, uri));
  const suspected = severity === "high" ? "warning" : "note";
  return {
    ruleId: weakness,
    ruleIndex,
    level: status === "proven" ? LEVELS[severity] : suspected,
    kind: "fail",
    message: { text: `${name}: ${status}. ${evidence.map(summaryOf).join(" ")}` },
    locations: [placeOf(evidence, report, uri, name)],
    partialFingerprints: {
      "deadheat/v1": createHash("sha256").update(finding.id).digest("hex").slice(0, 32),
    },
    ...(flows.length > 0 ? { codeFlows: flows } : {}),
    // An empty list says that it was looked for and is not suppressed (§3.27.23).
    suppressions: accepted
      ? [
          {
            kind: "external",
            status: "accepted",
            justification: inert(`${accepted.reason} (until ${accepted.expires})`),
          },
        ]
      : [],
    properties: { status, severity, id: finding.id },
  };
}

function summaryOf(evidence: Evidence): string {
  return inert("summary" in evidence ? evidence.summary : sentence(evidence.reasons.join("; ")));
}

/** Where the line is that causes it, else where the document declares the operation. */
function placeOf(evidence: readonly Evidence[], report: Report, uri: Uris, name: string) {
  const source = evidence.find((one) => one.kind === "source");
  const spec = evidence.find((one) => one.kind === "spec");
  const [file, startLine, endLine] = source
    ? [source.file, source.line, source.endLine]
    : [spec?.location.file ?? report.document, spec?.location.line ?? 1, spec?.location.line ?? 1];
  return {
    physicalLocation: { artifactLocation: { uri: uri(file) }, region: { startLine, endLine } },
    logicalLocations: [{ fullyQualifiedName: name, kind: "resource" }],
  };
}

function flowOf(evidence: Evidence, all: readonly Evidence[], report: Report, uri: Uris): object[] {
  if (evidence.kind === "source") return [sourceFlow(evidence, uri)];
  if (evidence.kind === "runtime" && evidence.form === "history")
    return [
      witnessFlow(evidence, (call) => ({
        ...placeOf(all, report, uri, inert(call.operation)),
        ...saying(call),
      })),
    ];
  return [];
}

function sourceFlow({ path, summary }: SourceEvidence, uri: Uris) {
  const locations = path.map(({ file, line, role, text }) => ({
    location: {
      physicalLocation: { artifactLocation: { uri: uri(file) }, region: { startLine: line } },
      message: { text: inert(`${role}: ${text}`) },
    },
  }));
  return { message: { text: inert(summary) }, threadFlows: [{ locations }] };
}

function witnessFlow(
  { history, witness, explanation }: RuntimeEvidence,
  locationOf: (call: RecordedCall) => object,
) {
  const core = history.filter((one) => witness.includes(one.id));
  const lanes = [...new Set(core.map((one) => one.process))];
  return {
    message: { text: explanation === "" ? "no sequential order explains this" : inert(explanation) },
    threadFlows: lanes.map((lane) => ({
      id: inert(lane),
      locations: core
        .filter((one) => one.process === lane)
        .map((call) => ({ executionOrder: core.indexOf(call) + 1, location: locationOf(call) })),
    })),
  };
}

function saying(call: RecordedCall) {
  const answer = call.status === undefined ? "no answer" : String(call.status);
  const shown = call.output === undefined ? "" : ` → ${String(call.output)}`;
  return { message: { text: inert(`${call.id}: ${call.operation}: ${call.does} ${answer}${shown}`) } };
}

function notificationOf(outcome: RaceOutcome) {
  const name = `${outcome.weakness} ${operationName(outcome.operation)}`;
  return { level: "warning", message: { text: inert(`${name}: ${outcomeText(outcome)}`) } };
}

/** `read-modify-write is not atomic` → `Read-modify-write is not atomic.` */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
