import { weaknessOf } from "../../findings/catalogue.ts";
import { historyIn, type RuntimeEvidence } from "../../findings/evidence.ts";
import type { Finding, RaceOutcome } from "../../findings/finding.ts";
import type { Report } from "../../findings/report.ts";
import { inert } from "../../inert.ts";
import type { FormatContext } from "../format.ts";
import { counted, isOpen, operationName, outcomeText, verdictOf } from "../words.ts";
import { whole } from "./whole.ts";

/** A comment for a pull request. The first line lets an action find its comment again. */
export const markdown = whole("markdown", markdownText);

/** GitHub takes 65,536 characters a comment. */
const MOST_DETAILS = 20;
const MOST_ROWS = 60;

function markdownText(report: Report, context: FormatContext): string {
  const { findings, outcomes, grade, score, scoring } = report;
  const open = outcomes.filter(isOpen);
  const silent = outcomes.filter((one) => one.status === "not-observed");
  const graded = grade === null ? (scoring?.words ?? "no grade") : `Grade **${grade}**, ${score} of 100`;
  return [
    "<!-- deadheat -->",
    `## deadheat: ${verdictOf(report)}`,
    "",
    `${graded} · ${code(report.target.origin)} · seed ${code(report.seed)}`,
    "",
    ...(findings.length > 0 ? findingsTable(findings) : []),
    ...findings.slice(0, MOST_DETAILS).flatMap((one) => detailsOf(one, report, context)),
    ...listOf("could not be judged", open),
    ...listOf("not observed", silent),
    "",
  ].join("\n");
}

function findingsTable(findings: readonly Finding[]): string[] {
  const rest = findings.length - MOST_ROWS;
  return [
    "| | weakness | operation | severity |",
    "|---|---|---|---|",
    ...findings.slice(0, MOST_ROWS).map((one) => {
      const mark = one.accepted ? "➖ accepted" : one.status === "proven" ? "❌ proven" : "❔ suspected";
      return `| ${mark} | ${code(one.weakness)} | ${code(operationName(one.operation))} | ${one.severity} |`;
    }),
    ...(rest > 0 ? [`| | … and ${rest} more in the report | | |`] : []),
    "",
  ];
}

function detailsOf(finding: Finding, report: Report, { paths }: FormatContext): string[] {
  const { weakness, operation, evidence, accepted } = finding;
  const known = weaknessOf(weakness);
  const runtime = historyIn(evidence);
  const summaries = evidence.flatMap((one) => ("summary" in one ? [one.summary] : []));
  return [
    `<details><summary>${code(weakness)} ${code(operationName(operation))}</summary>`,
    "",
    ...(accepted ? [`Accepted until ${code(accepted.expires)}: ${code(accepted.reason)}`, ""] : []),
    ...summaries.map((one) => `- ${code(one)}`),
    "",
    ...(runtime ? witnessTable(runtime) : []),
    ...(known ? [`**Fix:** ${known.fix}.`, ""] : []),
    ...(runtime ? [`Replay: ${code(`deadheat replay ${paths.finding(report, finding)}`)}`, ""] : []),
    "</details>",
    "",
  ];
}

function witnessTable({ history, witness, impossible }: RuntimeEvidence): string[] {
  const core = history.filter((one) => witness.includes(one.id)).slice(0, MOST_DETAILS);
  return [
    "| | call | from | to | answer |",
    "|---|---|---|---|---|",
    ...core.map((one) => {
      const answer = `${one.status ?? "none"}${one.output === undefined ? "" : ` → ${String(one.output)}`}`;
      const end = one.return === undefined ? "pending" : `${one.return.toFixed(1)} ms`;
      const mark = one.id === impossible ? " ✗ no sequential order explains this" : "";
      return `| ${code(one.id)} | ${code(`${one.operation}: ${one.does}`)} | ${one.invoke.toFixed(1)} ms | ${end} | ${code(answer)}${mark} |`;
    }),
    "",
  ];
}

function listOf(title: string, outcomes: readonly RaceOutcome[]): string[] {
  if (outcomes.length === 0) return [];
  const rest = outcomes.length - MOST_ROWS;
  return [
    `<details><summary>${counted(outcomes.length, "race")} ${title}</summary>`,
    "",
    ...outcomes
      .slice(0, MOST_ROWS)
      .map(
        (one) => `- ${code(`${one.weakness} ${operationName(one.operation)}`)}: ${code(outcomeText(one))}`,
      ),
    ...(rest > 0 ? [`- … and ${rest} more`] : []),
    "",
    "</details>",
    "",
  ];
}

/**
 * Text of an API or a document. Inside `<code>` GitHub makes neither mentions nor links of it; as character references
 * it is neither markup nor Markdown.
 */
function code(text: string): string {
  const plain = inert(text).replace(/[^\p{L}\p{N} .,;:/→×·(){}=+%-]/gu, (one) => `&#${one.codePointAt(0)};`);
  return `<code>${plain}</code>`;
}
