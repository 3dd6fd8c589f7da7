import type { SourceFinding } from "../../packages/deadheat/src/source/finding.ts";
import type { Row } from "./measure.ts";

const loud = (one: SourceFinding) => one.severity === "high" || one.severity === "medium";

export function printResults(rows: readonly Row[]): string {
  const lines = rows.map(lineOf);
  const fixed = rows.filter((row) => row.fix.quality === "full" || row.fix.quality === "partial");
  const intra = fixed.filter((row) => row.fix.reach === "intra");
  const within = fixed.filter((row) => row.fix.reach === "intra" || row.fix.reach === "inter");
  const full = fixed.filter((row) => row.fix.quality === "full");
  const safe = rows.filter((row) => row.fix.quality === "safe");
  const unfixed = rows.filter((row) => row.fix.quality === "race-unfixed");
  const seen = (row: Row) => (row.before?.length ?? 0) > 0;
  const seenLoud = (row: Row) => row.before?.some(loud) ?? false;
  return [
    "id   reach     quality       before                                    after",
    ...lines,
    "",
    share("flagged before the fix, intra", intra, seen),
    share("  by a high or medium message", intra, seenLoud),
    share("flagged before the fix, intra and inter", within, seen),
    share("  by a high or medium message", within, seenLoud),
    share("not fixed upstream, flagged", unfixed, seen),
    share("after a full fix: any message", full, (row) => (row.after?.length ?? 0) > 0),
    share("after a full fix: the message that was there before", full, stillThere),
    share("safe code flagged", safe, seen),
    "",
  ].join("\n");
}

function stillThere(row: Row): boolean {
  const rules = new Set(row.before?.map((one) => one.rule));
  return row.after?.some((one) => rules.has(one.rule)) ?? false;
}

function lineOf({ fix, before, after }: Row): string {
  const words = (found: readonly SourceFinding[] | undefined) =>
    found === undefined ? "(no files)" : found.map((one) => `${one.rule}:${one.severity}`).join(" ") || "-";
  return `${fix.id.padEnd(4)} ${fix.reach.padEnd(9)} ${fix.quality.padEnd(13)} ${words(before).padEnd(41)} ${after === undefined ? "" : words(after)}`.trimEnd();
}

function share(label: string, rows: readonly Row[], test: (row: Row) => boolean): string {
  const found = rows.filter(test).length;
  const percent = rows.length === 0 ? 0 : (100 * found) / rows.length;
  return `${label.padEnd(52)} ${String(found).padStart(3)} of ${rows.length} (${percent.toFixed(0)} %)`;
}
