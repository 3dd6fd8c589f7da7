/**
 * `node --import tsx -C source scripts/measure-django.ts [ROW…] [--trials N]`: the tables of docs/django.md,
 * or the rows whose ids begin with one of those named, measured by bursts of the lab's own.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { type DjangoLab, startDjangoLab } from "../labs/django/src/index.ts";
import { HEADING, lineOf, measure } from "../labs/django/src/measure/measure.ts";
import { TABLES } from "../labs/django/src/measure/rows.ts";

const { values, positionals } = parseArgs({
  options: { trials: { type: "string", default: "20" } },
  allowPositionals: true,
});
const trials = Number(values.trials);
const wanted = (id: string) => positionals.length === 0 || positionals.some((name) => id.startsWith(name));

let lab: DjangoLab | undefined;
let running = "";
const processor = cpus()[0]?.model ?? "unknown processor";
console.log(`${trials} trials a row · ${cpus().length} cores, ${processor} · Node ${process.versions.node}`);
try {
  for (const [title, rows] of Object.entries(TABLES)) {
    const chosen = rows.filter(({ id }) => wanted(id));
    if (chosen.length === 0) continue;
    console.log(`\n### ${title}\n\n${HEADING.join("\n")}`);
    for (const row of chosen) {
      // Rows with the same switches share a lab; they stand next to each other.
      const needed = JSON.stringify(row.switches);
      if (needed !== running) {
        await lab?.stop();
        lab = await startDjangoLab(row.switches);
        running = needed;
      }
      console.log(lineOf(await measure((lab as DjangoLab).url, row, trials)));
    }
  }
} finally {
  await lab?.stop();
}
