import type { SourceEvidence } from "../../findings/evidence.ts";
import type { Finding, OperationRef, RaceOutcome } from "../../findings/finding.ts";
import type { FixSummary, ProvenFinding, SuspectedGap } from "../../findings/prove-report.ts";
import type { Report } from "../../findings/report.ts";
import type { Operation } from "../../plan/operation.ts";
import type { ReachedRoutes, Route, SourceFinding } from "../../source/index.ts";
import { operationOf } from "../join.ts";
import type { Repaired } from "./repair.ts";

/** A gap in the source and the operations of the document that lead to it. */
export interface LocatedGap {
  readonly finding: SourceFinding;
  readonly operations: readonly OperationRef[];
  /** Says where a race is that was proven; nothing is suspected because of it. */
  readonly hint?: true;
}

type Named = Pick<Operation, "method" | "path" | "operationId">;

export function locateGaps(
  findings: readonly SourceFinding[],
  reached: ReachedRoutes,
  operations: readonly Named[],
): LocatedGap[] {
  return findings.map((finding) => {
    const found = reached.of(finding).flatMap((route) => operationOf(route, operations) ?? []);
    const unique = new Map(
      found.map(({ method, path, operationId }) => [
        `${method} ${path}`,
        { method, path, ...(operationId ? { operationId } : {}) },
      ]),
    );
    return { finding, operations: [...unique.values()] };
  });
}

/**
 * Weaknesses that are one gap under several names: source code shows a test without a lock, and what it means (a code
 * that is used twice, a second row) shows at run time.
 */
const FAMILIES: readonly (readonly string[])[] = [
  ["lost-update", "write-skew"],
  ["limit-overrun", "single-use-code", "refresh-reuse", "duplicate-create", "idempotency-race"],
];

export function isSame(one: string, other: string): boolean {
  return one === other || FAMILIES.some((family) => family.includes(one) && family.includes(other));
}

export interface Correlated {
  readonly findings: readonly ProvenFinding[];
  readonly suspected: readonly SuspectedGap[];
}

/** One finding an operation and weakness, with all its exhibits; and what of the source was not proven. */
export function correlate(
  report: Report | undefined,
  gaps: readonly LocatedGap[],
  notRaced: string,
  only?: readonly string[],
): Correlated {
  const used = new Set<string>();
  const findings = (report?.findings ?? []).map((finding): ProvenFinding => {
    const own = exhibitsFor(finding, gaps);
    for (const { finding: gap } of own) used.add(keyOf(gap, finding.operation));
    const evidence = [...finding.evidence, ...own.map((one) => sourceEvidence(one.finding))];
    return { ...finding, evidence, source: own.length > 0 ? "found" : "not found in source" };
  });
  const suspected = gaps
    .filter(({ hint }) => !hint)
    .flatMap(({ finding, operations }): SuspectedGap[] => {
      if (operations.length === 0)
        return [gapOf(finding, undefined, { status: "not-raced", reason: NO_ROUTE })];
      return operations
        .filter((operation) => !used.has(keyOf(finding, operation)))
        .map((operation) =>
          gapOf(finding, operation, racedThere(finding, operation, report, notRaced, only)),
        );
    });
  return { findings, suspected };
}

const NO_ROUTE = "no operation of the document leads to it";

/** Of the same weakness, or where there is none, of a relative's; what is suspected goes before a hint. */
export function exhibitsFor(
  finding: Pick<Finding, "weakness" | "operation">,
  gaps: readonly LocatedGap[],
): LocatedGap[] {
  const there = gaps.filter(({ operations }) =>
    operations.some((one) => nameOf(one) === nameOf(finding.operation)),
  );
  const exact = there.filter((one) => one.finding.weakness === finding.weakness);
  const related = there.filter((one) => isSame(one.finding.weakness, finding.weakness));
  const loud = (gaps: readonly LocatedGap[]) => gaps.filter(({ hint }) => !hint);
  return [loud(exact), exact, loud(related), related].find((one) => one.length > 0) ?? [];
}

/** The route of a running project that an operation of its document is. */
export function routeOf(operation: OperationRef, routes: readonly Route[]): Route | undefined {
  return routes.find((one) => one.method === operation.method && operationOf(one, [operation]) !== undefined);
}

function gapOf(
  finding: SourceFinding,
  operation: OperationRef | undefined,
  raced: SuspectedGap["raced"],
): SuspectedGap {
  const { weakness, severity, confidence, fixable } = finding;
  return {
    weakness,
    severity,
    confidence,
    ...(operation ? { operation } : {}),
    evidence: sourceEvidence(finding),
    fixable,
    raced,
  };
}

const WORTH: Readonly<Record<RaceOutcome["status"], number>> = {
  proven: 0,
  inconclusive: 1,
  "model-unfit": 1,
  "not-observed": 2,
  "not-applicable": 3,
};

/** A doubt goes before a clean race: nothing is called clean that was half judged. */
function racedThere(
  { weakness }: SourceFinding,
  operation: OperationRef,
  report: Report | undefined,
  notRaced: string,
  only: readonly string[] | undefined,
): SuspectedGap["raced"] {
  const there = (report?.outcomes ?? []).filter((one) => nameOf(one.operation) === nameOf(operation));
  const exact = there.filter((one) => one.weakness === weakness && one.status !== "not-applicable");
  const related = there.filter((one) => isSame(one.weakness, weakness));
  const [first] = [...(exact.length > 0 ? exact : related)].sort((a, b) => WORTH[a.status] - WORTH[b.status]);
  if (first) return first;
  if (!report) return { status: "not-raced", reason: notRaced };
  const left = only && !only.some((one) => isSame(one, weakness));
  return {
    status: "not-raced",
    reason: left ? "left out by --only" : `no race of ${weakness} is planned there`,
  };
}

function keyOf(finding: SourceFinding, operation: OperationRef): string {
  return `${finding.fingerprint} ${nameOf(operation)}`;
}

function nameOf({ method, path }: OperationRef): string {
  return `${method} ${path}`;
}

export function sourceEvidence(finding: SourceFinding): SourceEvidence {
  const { rule, file, line, endLine, path, interleaving, fix } = finding;
  return {
    kind: "source",
    rule,
    summary: `${finding.title}: ${finding.because}`,
    file,
    line,
    endLine,
    function: finding.function,
    path: path.map(({ file, line, role, text, note }) => ({
      file,
      line,
      role,
      text,
      ...(note ? { note } : {}),
    })),
    interleaving,
    fix,
  };
}

/** What the fix did to each proven finding. */
export function withFixes(
  findings: readonly ProvenFinding[],
  { fix, kinds: all = new Map(), reasons = new Map(), verify = [] }: Repaired,
): ProvenFinding[] {
  return findings.map((finding) => {
    const kinds = all.get(finding.id) ?? [];
    const result = verify.find((one) => one.id === finding.id);
    if (result) {
      const { status, reason, bound } = result;
      return {
        ...finding,
        fix: { status, kinds, ...(reason ? { reason } : {}), ...(bound ? { bound } : {}) },
      };
    }
    const reason = whyNotFixed(finding, fix, reasons.get(finding.id));
    return { ...finding, fix: { status: kinds.length > 0 ? "not-comparable" : "not-fixed", kinds, reason } };
  });
}

function whyNotFixed(
  { source }: ProvenFinding,
  fix: FixSummary | undefined,
  reason: string | undefined,
): string {
  if (fix?.failed) return `the fixed copy was not started: ${fix.failed.reason}`;
  if (reason !== undefined) return reason;
  return source === "found"
    ? "there is no automatic fix for it; the advice says what to do"
    : "not found in source";
}
