/**
 * `npm run soak [RUNS]`: scans of the whole lab (10), then as many of its guarded half, each on a lab of its own.
 * `npm run soak -- --suite tokens [RUNS]`: scans of that suite, both halves at once.
 * `npm run soak -- --suite resources [RUNS]`: the same, then as many of its guarded half, in another way each time.
 * `--first 6` goes on where a soak of 5 runs ended, or stands beside it: each run has a way of its own to be right.
 * Every racy twin has to be proven and nothing at a guarded one, every time, within 250 MB of the scanner and the
 * time that subjects.ts says, if it says one. Prints a line a scan; its output is committed.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { scanLab } from "./soak/scan.ts";
import { SUBJECTS, type Subject } from "./soak/subjects.ts";
import { line } from "./soak/verdict.ts";

const { values, positionals } = parseArgs({
  options: { suite: { type: "string" }, first: { type: "string", default: "1" } },
  allowPositionals: true,
});
const runs = Number(positionals[0] ?? 10);
const first = Number(values.first);
const name = values.suite ?? "lab";
const subjects: readonly Subject[] | undefined = SUBJECTS[name];
if (!subjects) throw new Error(`--suite takes one of ${Object.keys(SUBJECTS).join(", ")}, not "${name}"`);

const model = cpus()[0]?.model ?? "unknown processor";
console.log(
  `npm run soak: ${runs} scans of ${subjects.map(({ words }) => words).join(" and ")} · ${cpus().length} cores, ` +
    `${model} · Node ${process.versions.node}\n`,
);
let good = 0;
let index = 0;
for (const subject of subjects)
  for (let run = 0; run < runs; run++)
    if (line(++index, subject, await scanLab(subject, first - 1 + run))) good++;
console.log(`\n${good} of ${index} right`);
process.exitCode = good === index ? 0 : 1;
