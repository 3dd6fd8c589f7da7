import type { Coverage } from "../effects/protection.ts";
import { columnOf, type Row } from "../effects/values.ts";
import { isArithmetic, isIrrevocable, isStrong } from "./acts.ts";
import { explain } from "./explain.ts";
import type { Gap } from "./gap.ts";
import { gapsWith } from "./gaps.ts";
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
      ofRow: true,
      // Which rows of many are worked on, is looked up where they are looped over.
      own: gap.kind === "claim" && gap.row.origin === "element",
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
function severityOf(gap: Gap, { analysis, program }: RuleContext): Severity {
  // `self._entry`: no column, but an object that this run keeps; whether anybody else has the row, nobody sees.
  if (gap.row.parent?.name.startsWith("_")) return "low";
  if (gap.refused) return "low";
  const weighs = gap.acts.some(isStrong);
  switch (gap.kind) {
    case "counter":
      return isProgress(gap) ? "low" : isText(gap, program) ? "medium" : "high";
    case "document":
      return isProgress(gap) ? "low" : "medium";
    // By a function (`name = clean(name)`) the same the second time; something that was made for it is made twice.
    case "rewritten":
      return isMadeFor(gap) && gap.row.origin !== "self" ? "medium" : "low";
    // A loop over rows is a job: of those, usually one runs.
    case "claim":
      return isOfLoop(gap.row) || !(weighs || analysis.row === gap.row || gap.acts.length === 0)
        ? "low"
        : "medium";
    case "recomputed":
      return isComputed(gap) || isAggregate(gap) ? "medium" : "low";
    case "state":
      return weighs || isComputed(gap) ? "medium" : "low";
    case "take":
      return isUsedUp(gap) ? "medium" : "low";
    case "derived":
      return gap.acts.length > 0 && isComputed(gap) ? "medium" : "low";
    case "method":
      return gap.acts.length > 0 ? "medium" : "low";
  }
}

/** One of the rows of a loop, or a row that one of them has. */
function isOfLoop(row: Row): boolean {
  for (let at: Row | undefined = row; at; at = at.parent?.row) {
    if (at.origin === "element") return true;
    if (at.fetch) return false;
  }
  return false;
}

/**
 * `for line in lines: job.done += 1; job.save()` with a job that was handed in: one run notes how far it is. What
 * several runs count together is counted by an amount, or looked up where it is counted.
 */
function isProgress({ write, row, column }: Gap): boolean {
  if (write.loop === 0 || row.fetch || !/^(parameter|self)$/.test(row.origin)) return false;
  const { value, deps = [] } = write.fields?.get(column) ?? {};
  const isWrittenOn = value?.kind === "scalar" && value.shape === "collection";
  return (
    isWrittenOn ||
    deps.every((one) => one.kind === "field" && one.row.key === row.key && one.name === columnOf(column))
  );
}

/** A text that is added to, and no number. */
function isText({ row, column }: Gap, { models }: RuleContext["program"]): boolean {
  return /^(Char|Text)Field$/.test((row.model && models.fields(row.model).get(column)?.type) ?? "");
}

/** What a column pointed to is gone after its use (deleted, charged), or the column empty: used a second time, it is one time too many. */
function isUsedUp({ write, column, acts }: Gap): boolean {
  const value = write.fields?.get(column)?.value;
  const isEmptied = value?.kind === "scalar" && (value.literal === null || value.literal === "");
  return (
    isEmptied ||
    acts.some(
      (one) =>
        one.kind === "delete" || one.kind === "mint" || one.kind === "spend" || isIrrevocable(one.name),
    )
  );
}

/**
 * Something was made, deleted or sent before the write. Of `row.code = row.code`, by way of a parameter, only what takes
 * away: `row.payment = paid(row)`, where the payment that was there is deleted.
 */
function isMadeFor({ write, column, acts }: Gap): boolean {
  const value = write.fields?.get(column)?.value;
  const isItself = value?.kind === "row" && columnOf(value.parent?.name ?? "") === columnOf(column);
  return acts.some((one) => isStrong(one) && one.seq < write.seq && (!isItself || one.kind === "delete"));
}

function isAggregate(gap: Gap): boolean {
  const deps = gap.write.fields?.get(gap.column)?.deps ?? [];
  return deps.some((one) => one.kind === "query" && /^(aggregate|count)$/.test(one.effect.kind));
}

/** A sum: of the second request it is another one, unless it is of other columns of the row alone, or of the time. */
function isComputed({ write, row, column }: Gap): boolean {
  const { value, deps = [] } = write.fields?.get(column) ?? {};
  return (
    isArithmetic(value) &&
    deps.some((one) => one.kind !== "field" || one.row.key !== row.key || one.name === columnOf(column))
  );
}

function confidenceOf(gap: Gap): Confidence {
  if (gap.kind === "counter" && gap.row.fetch) return "high";
  if (gap.kind === "method" || gap.row.origin === "call") return "low";
  return "medium";
}
