import { historyIn } from "../../findings/evidence.ts";
import type { Finding, RaceOutcome } from "../../findings/finding.ts";
import type { Report } from "../../findings/report.ts";
import type { FormatContext } from "../format.ts";
import { isOpen, operationName, outcomeText } from "../words.ts";
import { whole } from "./whole.ts";
import { xmlText } from "./xml.ts";

/**
 * One test suite a weakness, one test case an outcome. What is proven is a failure, what could not be judged an error,
 * what is accepted or not applicable skipped: only what was not observed passes, with its bound.
 */
export const junit = whole("junit", junitText);

interface Case {
  readonly weakness: string;
  readonly operation: string;
  readonly result: "failure" | "error" | "skipped" | "passed";
  readonly message: string;
  readonly text: string;
}

function junitText(report: Report, context: FormatContext): string {
  const cases = casesOf(report, context);
  const suites = [...new Set(cases.map((one) => one.weakness))].map((weakness) =>
    suiteText(
      weakness,
      cases.filter((one) => one.weakness === weakness),
    ),
  );
  const seconds = (report.durationMs / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="deadheat" ${countsOf(cases)} time="${seconds}">`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function casesOf(report: Report, context: FormatContext): Case[] {
  const open = [...report.findings];
  const cases = report.outcomes.map((outcome) => {
    const at = open.findIndex(
      ({ weakness, operation }) =>
        weakness === outcome.weakness && operationName(operation) === operationName(outcome.operation),
    );
    const [finding] = at === -1 ? [] : open.splice(at, 1);
    return finding ? findingCase(report, finding, context) : outcomeCase(outcome);
  });
  return [...cases, ...open.map((finding) => findingCase(report, finding, context))];
}

function findingCase(report: Report, finding: Finding, { paths }: FormatContext): Case {
  const { weakness, status, severity, accepted, evidence } = finding;
  const base = { weakness, operation: operationName(finding.operation) };
  if (accepted)
    return {
      ...base,
      result: "skipped",
      message: `accepted until ${accepted.expires}: ${accepted.reason}`,
      text: "",
    };
  const summary = evidence.flatMap((one) => ("summary" in one ? [one.summary] : one.reasons));
  const runtime = historyIn(evidence);
  const replay = runtime ? [`replay: deadheat replay ${paths.finding(report, finding)}`] : [];
  return {
    ...base,
    // A build that fails on suspicion does so by --fail-on, not by every report that mentions it.
    result: status === "proven" ? "failure" : "skipped",
    message: `${status}, ${severity}: ${summary[0] ?? ""}`,
    text: [...summary, ...(runtime ? [runtime.explanation] : []), ...replay].join("\n"),
  };
}

function outcomeCase(outcome: RaceOutcome): Case {
  const result = isOpen(outcome) ? "error" : outcome.status === "not-applicable" ? "skipped" : "passed";
  return {
    weakness: outcome.weakness,
    operation: operationName(outcome.operation),
    result,
    message: outcomeText(outcome),
    text: "",
  };
}

function countsOf(cases: readonly Case[]): string {
  const count = (result: Case["result"]) => cases.filter((one) => one.result === result).length;
  return `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

function suiteText(weakness: string, cases: readonly Case[]): string {
  return [
    `  <testsuite name="${xmlText(weakness)}" ${countsOf(cases)}>`,
    ...cases.map(caseText),
    "  </testsuite>",
  ].join("\n");
}

function caseText({ weakness, operation, result, message, text }: Case): string {
  const open = `    <testcase classname="${xmlText(weakness)}" name="${xmlText(operation)}">`;
  const inner =
    result === "passed"
      ? `<system-out>${xmlText(message)}</system-out>`
      : `<${result} message="${xmlText(message)}">${xmlText(text, 4000)}</${result}>`;
  return `${open}${inner}</testcase>`;
}
