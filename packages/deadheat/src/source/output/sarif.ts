import { inert, inertJson } from "../../inert.ts";
import type { CheckReport, FindingStep, SourceFinding } from "../finding.ts";
import { tokenThenAct } from "../requests/token.ts";
import { rules } from "../rules/index.ts";

const LEVEL = { high: "error", medium: "warning", low: "note", info: "none" } as const;

/** SARIF 2.1.0 with one code flow a finding (OASIS SARIF §3.36). */
export function checkAsSarif(report: CheckReport): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            rules: [...rules, tokenThenAct].map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.title },
              fullDescription: { text: rule.why },
              help: { text: rule.fix },
              properties: { weakness: rule.weakness },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: report.findings.map(resultOf),
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.partial.map((one) => ({
              level: "note",
              message: { text: inert(one.reason) },
              locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(one.file) } } }],
            })),
          },
        ],
      },
    ],
  };
  return `${inertJson(log, 2)}\n`;
}

function resultOf(finding: SourceFinding) {
  return {
    ruleId: finding.rule,
    level: LEVEL[finding.severity],
    message: { text: [finding.message, finding.because, finding.fix].map(inert).join(". ") },
    locations: [locationOf(finding)],
    partialFingerprints: { "deadheat/v1": finding.fingerprint },
    codeFlows: [{ threadFlows: [{ locations: finding.path.map((step) => ({ location: stepOf(step) })) }] }],
  };
}

function locationOf({ file, line, endLine }: Pick<SourceFinding, "file" | "line" | "endLine">) {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line, endLine } },
  };
}

function stepOf(step: FindingStep) {
  return {
    ...locationOf({ ...step, endLine: step.line }),
    message: { text: `${step.role}: ${inert(step.text)}` },
  };
}

/** A file's name may hold what would end the path of a URI: `a#b.py`. */
function uriOf(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}
