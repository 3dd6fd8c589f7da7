import { z } from "zod";
import type { Finding, OperationRef, RaceOutcome } from "./finding.ts";
import type { Report } from "./report.ts";

/** What became of findings between two reports. */
export interface Comparison {
  readonly schema: "deadheat/compare/1";
  /** Found before; the later scan judged the same and did not observe it. */
  readonly fixed: readonly Compared[];
  readonly new: readonly Compared[];
  readonly still: readonly Compared[];
  /** Found before, and not judged by the later scan: nothing can be said. */
  readonly unjudged: readonly Compared[];
}

export interface Compared {
  readonly id: string;
  readonly weakness: string;
  readonly operation: OperationRef;
  readonly status: Finding["status"];
  /** Upper 95 % bound of the chance that a trial still shows it, for what is fixed. */
  readonly bound?: number;
  /** Why it was not judged; for what is new, that the earlier scan had not judged it. */
  readonly reason?: string;
}

const compared = z.object({
  id: z.string(),
  weakness: z.string(),
  operation: z.object({ method: z.string(), path: z.string(), operationId: z.string().optional() }),
  status: z.enum(["proven", "suspected"]),
  bound: z.number().optional().describe("upper 95 % bound of the chance that a trial still shows it"),
  reason: z.string().optional(),
});

export const comparisonSchema = z
  .object({
    schema: z.literal("deadheat/compare/1"),
    fixed: z.array(compared).readonly().describe("judged again and not observed"),
    new: z.array(compared).readonly(),
    still: z.array(compared).readonly(),
    unjudged: z.array(compared).readonly().describe("found before and not judged by the later scan"),
  })
  .describe("What became of findings between two reports of deadheat");

export function comparisonJsonSchema(): unknown {
  return z.toJSONSchema(comparisonSchema, { io: "input" });
}

/** Silence about a finding is no fix: only what was judged again and not observed is fixed. */
export function compare(before: Report, after: Report): Comparison {
  const later = new Map(after.findings.map((one) => [one.id, one]));
  const earlier = new Set(before.findings.map((one) => one.id));
  const gone = before.findings.filter((one) => !later.has(one.id));
  const judged = gone.map((finding) => ({ finding, outcome: outcomeOf(after, finding) }));
  return {
    schema: "deadheat/compare/1",
    fixed: judged
      .filter(({ outcome }) => outcome?.status === "not-observed")
      .map(({ finding, outcome }) => ({
        ...named(finding),
        ...(outcome?.bound === undefined ? {} : { bound: outcome.bound }),
      })),
    new: after.findings
      .filter((one) => !earlier.has(one.id))
      .map((one) => ({ ...named(one), ...unseenBefore(outcomeOf(before, one)) })),
    still: after.findings.filter((one) => earlier.has(one.id)).map(named),
    unjudged: judged
      .filter(({ outcome }) => outcome?.status !== "not-observed")
      .map(({ finding, outcome }) => ({ ...named(finding), reason: whyNot(outcome) })),
  };
}

/** `2 fixed, 1 new, 1 still racing`. */
export function comparisonText({ fixed, new: added, still, unjudged }: Comparison): string {
  return [
    `${fixed.length} fixed`,
    `${added.length} new`,
    `${still.length} still racing`,
    ...(unjudged.length > 0 ? [`${unjudged.length} not judged again`] : []),
  ].join(", ");
}

function named({ id, weakness, operation, status }: Finding): Compared {
  return { id, weakness, operation, status };
}

function outcomeOf({ outcomes }: Report, { weakness, operation }: Finding): RaceOutcome | undefined {
  return outcomes.find(
    (one) =>
      one.weakness === weakness &&
      one.operation.method === operation.method &&
      one.operation.path === operation.path,
  );
}

function whyNot(outcome: RaceOutcome | undefined): string {
  if (!outcome) return "it was not planned";
  return outcome.reason === undefined ? outcome.status : `${outcome.status}: ${outcome.reason}`;
}

function unseenBefore(outcome: RaceOutcome | undefined): { readonly reason?: string } {
  return outcome?.status === "not-observed" ? {} : { reason: `before: ${whyNot(outcome)}` };
}
