import { weaknessOf } from "../../findings/catalogue.ts";
import { historyIn } from "../../findings/evidence.ts";
import type { Finding, RaceOutcome } from "../../findings/finding.ts";
import type { Report } from "../../findings/report.ts";
import type { ReportPaths } from "../paths.ts";
import { isOpen, operationName, outcomeText, schedulesText, verdictOf } from "../words.ts";
import type { FindingData, OutcomeData, PageData, WeaknessData } from "./data.ts";
import { factsOf } from "./facts.ts";
import { matrixOf } from "./matrix.ts";

const RANK = { high: 0, medium: 1, low: 2 } as const;

/** Worst first: proven before suspected, and each weakness where its worst finding is. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const rank = (one: Finding) =>
    (one.accepted ? 20 : 0) + (one.status === "proven" ? 0 : 10) + RANK[one.severity];
  const worst = new Map<string, number>();
  for (const one of findings)
    worst.set(one.weakness, Math.min(rank(one), worst.get(one.weakness) ?? Number.POSITIVE_INFINITY));
  const order = [...worst].sort(([, a], [, b]) => a - b).map(([id]) => id);
  return findings.toSorted(
    (a, b) => order.indexOf(a.weakness) - order.indexOf(b.weakness) || rank(a) - rank(b),
  );
}

/** @param findings as `inOrder` gives them: their places name the blocks of their evidence */
export function pageDataOf(report: Report, findings: readonly Finding[], paths: ReportPaths): PageData {
  const { grade, score, scoring, tool, target, document, seed } = report;
  return {
    of: "scan",
    version: tool.version,
    target: target.origin,
    document,
    seed,
    verdict: verdictOf(report),
    grade,
    score,
    gradeWords: scoring?.words ?? "",
    weaknesses: Object.fromEntries(
      [...new Set(findings.map((one) => one.weakness))].flatMap((id) => {
        const known = weaknessData(id);
        return known ? [[id, known]] : [];
      }),
    ),
    findings: findings.map((one, index) => findingData(one, index, report, paths)),
    matrix: matrixOf(report.controls),
    outcomes: report.outcomes.filter((one) => one.status !== "proven").map(outcomeData),
    unjudged: (scoring?.unjudged ?? []).map(operationName),
    ...factsOf(report),
  };
}

function weaknessData(id: string): WeaknessData | undefined {
  const known = weaknessOf(id);
  if (!known) return undefined;
  const { title, cwe, owasp, clause, fix } = known;
  const numbers = cwe.map((one) => `CWE-${one}`);
  const facts = [...numbers, ...owasp.map((one) => `OWASP ${one}:2023`), clause].filter((one) => one !== "–");
  return { title, facts: facts.join(", "), fix };
}

function findingData(finding: Finding, index: number, report: Report, paths: ReportPaths): FindingData {
  const { id, weakness, operation, status, severity, evidence, accepted } = finding;
  const said = evidence.find((one) => one.kind === "runtime") ?? evidence.find((one) => "summary" in one);
  return {
    index,
    id,
    weakness,
    operation: operationName(operation),
    status,
    severity,
    summary: said && "summary" in said ? said.summary : "",
    ...(accepted ? { accepted } : {}),
    ...(historyIn(evidence) ? { replay: `deadheat replay ${paths.finding(report, finding)}` } : {}),
  };
}

function outcomeData(outcome: RaceOutcome): OutcomeData {
  return {
    kind: isOpen(outcome) ? "open" : outcome.status === "not-observed" ? "silent" : "other",
    weakness: outcome.weakness,
    operation: operationName(outcome.operation),
    words: outcomeText(outcome),
    notes: [...schedulesText(outcome.schedules), ...(outcome.remarks ?? [])],
  };
}
