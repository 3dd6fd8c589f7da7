import { z } from "zod";
import type { ControlRow } from "./controls.ts";
import type { Finding, OperationRef, RaceOutcome } from "./finding.ts";

export const GRADES = ["A", "B", "C", "D", "E", "F"] as const;
export type Grade = (typeof GRADES)[number];

/** What grade and score rest on (docs/grade.md). */
export interface Scoring {
  /** Outcomes that were judged: proven or not observed. */
  readonly judged: number;
  /** What silence is worth of them: each one less its bound. */
  readonly worth: number;
  /** Outcomes that could not be judged, and operations of which nothing was. They earn nothing. */
  readonly open: number;
  /** Operations of which nothing was judged, neither a race nor a control. */
  readonly unjudged: readonly OperationRef[];
  /** In words: why there is no grade, or what kept it from being better. */
  readonly words: string;
}

export const scoringSchema = z
  .object({
    judged: z.number().describe("outcomes that are proven or not observed"),
    worth: z.number().describe("what they are worth together: one that was not observed, 1 less its bound"),
    open: z.number().describe("outcomes that could not be judged, and operations of which nothing was"),
    unjudged: z
      .array(z.object({ method: z.string(), path: z.string(), operationId: z.string().optional() }))
      .readonly(),
    words: z.string(),
  })
  .describe("what grade and score rest on: docs/grade.md");

/** Each proof takes this share of what is left. What is only suspected hardly weighs. */
const TAKES = {
  proven: { high: 0.5, medium: 0.25, low: 0.12 },
  suspected: { high: 0.02, medium: 0.01, low: 0.005 },
} as const;

const LEAST: readonly (readonly [Grade, number])[] = [
  ["A", 90],
  ["B", 80],
  ["C", 65],
  ["D", 50],
  ["E", 30],
];

interface Judged {
  readonly findings: readonly Pick<Finding, "status" | "severity">[];
  readonly outcomes: readonly RaceOutcome[];
  readonly controls: readonly ControlRow[];
}

/**
 * Grade and score of a scan. An accepted finding weighs as much as any other: the race is there. What could not be
 * judged is never counted as good, and where no race was judged at all there is no grade.
 */
export function gradeOf({ findings, outcomes, controls }: Judged): {
  readonly grade: Grade | null;
  readonly score: number | null;
  readonly scoring: Scoring;
} {
  const judged = outcomes.filter((one) => one.status === "proven" || one.status === "not-observed");
  const doubtful = outcomes.filter((one) => one.status === "inconclusive" || one.status === "model-unfit");
  const unjudged = withoutJudgement(outcomes, controls);
  const worth = judged.reduce((sum, one) => sum + 1 - (one.status === "proven" ? 0 : (one.bound ?? 0)), 0);
  const open = doubtful.length + unjudged.filter((one) => !isAmong(doubtful, one)).length;
  const basis = { judged: judged.length, worth: Math.round(worth * 1000) / 1000, open, unjudged };
  if (judged.length === 0 && findings.length === 0)
    return { grade: null, score: null, scoring: { ...basis, words: "no grade: nothing could be judged" } };
  const share = judged.length === 0 ? 0 : worth / (judged.length + open);
  const left = findings.reduce((rest, one) => rest * (1 - TAKES[one.status][one.severity]), 100 * share);
  // Rounded first: 0.9 × 100 must not lose a point to binary fractions.
  const score = Math.floor(Math.round(left * 1e6) / 1e6);
  const grade = LEAST.find(([, least]) => score >= least)?.[0] ?? "F";
  return { grade, score, scoring: { ...basis, words: wordsOf(findings, basis) } };
}

function wordsOf(findings: Judged["findings"], { judged, open }: Pick<Scoring, "judged" | "open">): string {
  const proven = findings.filter((one) => one.status === "proven").length;
  const suspected = findings.length - proven;
  return [
    `${proven} proven`,
    ...(suspected > 0 ? [`${suspected} suspected`] : []),
    `${judged} judged`,
    `${open} not judged`,
  ].join(" · ");
}

/** All that was planned of them is not applicable or in doubt, and their controls were not tested either. */
function withoutJudgement(
  outcomes: readonly RaceOutcome[],
  controls: readonly ControlRow[],
): readonly OperationRef[] {
  const names = new Map<string, OperationRef>();
  for (const { operation } of outcomes) names.set(nameOf(operation), operation);
  for (const { operation, declared } of controls)
    if (declared.length > 0) names.set(nameOf(operation), operation);
  for (const { operation, status } of outcomes)
    if (status === "proven" || status === "not-observed") names.delete(nameOf(operation));
  for (const { operation, reason, enforced } of controls)
    if (reason === undefined && Object.values(enforced).some((one) => one.answer !== "not-tested"))
      names.delete(nameOf(operation));
  return [...names.values()];
}

function isAmong(outcomes: readonly RaceOutcome[], operation: OperationRef): boolean {
  return outcomes.some((one) => nameOf(one.operation) === nameOf(operation));
}

function nameOf({ method, path }: OperationRef): string {
  return `${method} ${path}`;
}
