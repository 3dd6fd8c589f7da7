import pc from "picocolors";
import { type Compared, type Comparison, comparisonText } from "../../findings/compare.ts";
import { inert } from "../../inert.ts";
import { operationName, percentText } from "../words.ts";

/** What became of findings since an earlier report: one line each, and one that counts. */
export function comparisonLines(comparison: Comparison, since: string, colored: boolean): string[] {
  const color = pc.createColors(colored);
  const rows = (mark: string, words: string, list: readonly Compared[]) =>
    list.map(
      (one) =>
        `${mark} ${inert(one.weakness).padEnd(16)} ${inert(operationName(one.operation)).padEnd(40)} ${words}${noteOf(one)}`,
    );
  return [
    "",
    ...rows(color.green("✓"), "fixed", comparison.fixed),
    ...rows(color.red("✗"), "new", comparison.new),
    ...rows(color.red("✗"), "still racing", comparison.still),
    ...rows(color.yellow("?"), "not judged again", comparison.unjudged),
    `since ${inert(since)}: ${comparisonText(comparison)}`,
  ];
}

function noteOf({ bound, reason }: Compared): string {
  if (bound !== undefined) return ` (< ${percentText(bound)})`;
  return reason === undefined ? "" : ` (${inert(reason)})`;
}
