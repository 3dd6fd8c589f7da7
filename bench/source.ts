/**
 * How well `deadheat check` finds races that were really fixed: `node --import tsx -C source bench/source.ts --corpus DIR`.
 *
 * DIR holds, for each id of the table of fixes, the original files: `ID/before/PATH` and `ID/after/PATH` (the
 * parent of the fix, and the fix), or `ID/at/PATH` for code that has no fix. Whole trees may stand there as well
 * as single files. Nothing is fetched, and nothing of them is kept.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { measure, type Row } from "./source/measure.ts";
import { printResults } from "./source/print.ts";
import { readTable } from "./source/table.ts";

const argument = (name: string) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const corpus = argument("--corpus");
const table = argument("--table");
if (!corpus || !table) {
  process.stderr.write("usage: bench/source.ts --corpus DIR --table FIXES.tsv\n");
  process.exit(2);
}
const ids = argument("--ids")?.split(",");
const rows: Row[] = [];
for (const fix of readTable(readFileSync(table, "utf8")))
  if (!ids || ids.includes(fix.id)) rows.push(await measure(fix, join(corpus, fix.id)));
process.stdout.write(printResults(rows));
