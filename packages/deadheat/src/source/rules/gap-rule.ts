import type { Coverage } from "../effects/protection.ts";
import { explain } from "./explain.ts";
import { type Gap, gapsWith, isArithmetic, isStrong } from "./gaps.ts";
import type { Candidate, Confidence, RuleContext, Severity } from "./rule.ts";

/** Candidates for gaps of some kinds under some coverages. */
export function* candidatesOf(
  context: RuleContext,
  coverages: readonly Coverage[],
  kinds: readonly Gap["kind"][],
  message: (gap: Gap) => string,
  keep: (gap: Gap) => boolean = () => true,
): Generator<Candidate> {
  for (const gap of gapsWith(context, coverages, kinds)) {
    if (!keep(gap)) continue;
    const site = reportedAt(context, gap);
    const candidate = explain(gap.write, {
      message: message(gap),
      protection: gap.protection,
      row: gap.row,
      column: gap.column,
      severity: severityOf(gap, context),
      // One lock on the row ends all that is wrong with its columns here; a sum is a matter of its own.
      about: gap.kind === "counter" ? `${gap.row.key}.${gap.column}` : gap.row.key,
      confidence: confidenceOf(gap),
      // A sum goes wrong whatever else is done.
      also: gap.kind === "counter" ? [] : gap.acts.slice(0, 2),
      fixable: gap.kind === "counter",
      ...(gap.readAt ? { read: gap.readAt } : {}),
      ...(gap.read ? { read: gap.read.site } : {}),
      ...(gap.test ? { test: gap.test } : {}),
      ...(gap.assignedAt ? { compute: gap.assignedAt } : {}),
      ...site,
    });
    yield candidate;
    const saver = gap.write.trail[0] ?? gap.write.site;
    // Changed in a called function, and read and saved here: here is where both are seen.
    if (site.site && site.site.fn !== saver.fn) yield { ...candidate, site: saver, severity: "low" };
  }
}

/** A change made in one function and saved by its caller is reported where it is made, unless a row changes itself. */
function reportedAt({ program }: RuleContext, gap: Gap): { readonly site?: Gap["write"]["site"] } {
  const [outermost] = gap.write.trail;
  // Tested here, then locked and written in there without a second test: who tests too early is here.
  if (outermost && gap.kind === "state" && gap.protection.coverage === "stale") return { site: outermost };
  const made = gap.assignedAt;
  if (!made || made.fn === gap.write.site.fn) {
    // Tested in the function analysed, written in one that it calls: the one that writes has to test again.
    return {};
  }
  const isOwnMethod = made.fn.owner !== undefined && program.models.isModel(made.fn.owner);
  if (!isOwnMethod) return { site: made };
  // `row.change(); save(row)`: where both are called from.
  const [call] = gap.write.trail;
  return call ? { site: call } : {};
}

/** How bad, from what is at stake. */
function severityOf(gap: Gap, { analysis }: RuleContext): Severity {
  const weighs = gap.acts.some(isStrong);
  switch (gap.kind) {
    case "counter":
      return "high";
    case "document":
      return "medium";
    case "rewritten":
      return weighs && gap.row.origin !== "self" ? "medium" : "low";
    // A loop over rows is a job: of those, usually one runs.
    case "claim":
      return gap.row.origin === "element" || !(weighs || analysis.row === gap.row || gap.acts.length === 0)
        ? "low"
        : "medium";
    case "recomputed":
      return isComputed(gap) || isAggregate(gap) ? "medium" : "low";
    case "state":
      return weighs || isComputed(gap) ? "medium" : "low";
    case "take":
      return "medium";
    case "derived":
      return gap.acts.length > 0 && isComputed(gap) ? "medium" : "low";
    case "method":
      return gap.acts.length > 0 ? "medium" : "low";
  }
}

function isAggregate(gap: Gap): boolean {
  const deps = gap.write.fields?.get(gap.column)?.deps ?? [];
  return deps.some((one) => one.kind === "query" && /^(aggregate|count)$/.test(one.effect.kind));
}

function isComputed(gap: Gap): boolean {
  return isArithmetic(gap.write.fields?.get(gap.column)?.value);
}

function confidenceOf(gap: Gap): Confidence {
  if (gap.kind === "counter" && gap.row.fetch) return "high";
  if (gap.kind === "method" || gap.row.origin === "call") return "low";
  return "medium";
}
