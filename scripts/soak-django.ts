/**
 * `npm run soak:django [RUNS] [--front none|h2] [--document NAME] [--half NAME]`: scans of labs/django, each on a lab
 * of its own. Every run scans the listings, and the racy and the right half under one way to authenticate. HTTP/1.1 to
 * gunicorn and nginx with HTTP/2 over TLS take turns, and so do the three ways: after six runs each was scanned
 * over each. All that is racy has to be proven and all that is right has to be raced in vain, every time, within three
 * minutes and 250 MB of the scanner. Prints a line a scan; its output is committed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startDjangoLab } from "../labs/django/src/index.ts";
import { documentOf, judgementOf, optInFor, type Part, racyIn, rightIn } from "../tests/targets/django.ts";
import { type MeasuredScan, measuredScan } from "./measured-scan.ts";

const MOST_SECONDS = 180;
const MOST_MEGABYTES = 250;
const FRONTS = { none: "gunicorn", h2: "nginx+h2" } as const;
/**
 * Between check and act, ms. In a right half it makes those who wait for a lock wait longer: eight, eight times. With 2 ms
 * there a call is so short that two processors are busy with it and the scanner: that requests overlap cannot be told.
 */
const THINK = { racy: 20, right: 5 } as const;
const TURNS = ["bearer", "token", "jwt"] as const;

const { values, positionals } = parseArgs({
  options: { front: { type: "string" }, document: { type: "string" }, half: { type: "string" } },
  allowPositionals: true,
});
const runs = Number(positionals[0] ?? 10);
const fronts = (["none", "h2"] as const).filter((one) => values.front === undefined || values.front === one);
const frontOf = (run: number) => fronts[(run - 1) % fronts.length] as (typeof fronts)[number];

function partsOf(run: number): Part[] {
  const turn = TURNS[(run - 1) % TURNS.length] as Part["scheme"];
  const parts: Part[] = [
    { scheme: turn, half: "racy" },
    { scheme: turn, half: "right" },
    { scheme: "listings", half: "racy" },
  ];
  const { document, half } = values;
  const named =
    document === undefined
      ? parts
      : parts.filter((one) => (one.scheme === "listings") === (document === "listings"));
  return named
    .map((one) => (document === undefined ? one : { ...one, scheme: document as Part["scheme"] }))
    .filter((one) => half === undefined || one.half === half);
}

async function scan(part: Part, front: "none" | "h2"): Promise<MeasuredScan> {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-soak-"));
  const lab = await startDjangoLab({ front, think: THINK[part.half] });
  try {
    const args = [documentOf(lab, part, folder), "--target", lab.url];
    const optIn = optInFor(part).flatMap((one) => ["--opt-in", one]);
    const env = lab.certificate ? { NODE_EXTRA_CA_CERTS: lab.certificate } : {};
    return await measuredScan([...args, ...optIn], folder, env);
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function line(index: number, part: Part, front: "none" | "h2", measured: MeasuredScan): boolean {
  const { report, code, seconds, megabytes } = measured;
  const { proven, missed, clean, unclean, falsely } = judgementOf(report, part);
  const wrong = missed.map((one) => `missed: ${one}: ${whatBecameOf(report, one)}`);
  wrong.push(...falsely.map((one) => `false: ${one}`));
  wrong.push(...unclean.map((one) => `not clean: ${one}: ${whatBecameOf(report, one)}`));
  if (racyIn(part).length > 0 && code !== 1) wrong.push(`exit code ${code}`);
  if (seconds > MOST_SECONDS) wrong.push(`took more than ${MOST_SECONDS} s`);
  if (megabytes > MOST_MEGABYTES) wrong.push(`took more than ${MOST_MEGABYTES} MB`);
  const name = part.scheme === "listings" ? "listings" : `${part.scheme} ${part.half}`;
  console.log(
    `${String(index).padStart(2)}  ${FRONTS[front].padEnd(8)}  ${name.padEnd(12)}  seed ${report.seed}  ` +
      `racy proven ${proven}/${racyIn(part).length}  right clean ${clean}/${rightIn(part).length}  ` +
      `false ${falsely.length}  exit ${code}  ${report.requests} requests  ${seconds.toFixed(1)} s  ` +
      `${megabytes.toFixed(0)} MB  ${wrong.length === 0 ? "right" : "WRONG"}`,
  );
  for (const one of wrong) console.log(`      ${one}`);
  return wrong.length === 0;
}

function whatBecameOf({ outcomes }: MeasuredScan["report"], name: string): string {
  const found = outcomes.find(
    ({ weakness, operation }) => `${weakness} ${operation.method} ${operation.path}` === name,
  );
  return found ? `${found.status} ${found.reason ?? ""}` : "not planned";
}

const model = cpus()[0]?.model ?? "unknown processor";
console.log(
  `npm run soak:django: ${runs} runs, over ${fronts.map((one) => FRONTS[one]).join(" and ")} in turn · ` +
    `${THINK.racy} ms between check and act, ${THINK.right} ms in right halves · ` +
    `${cpus().length} cores, ${model} · Node ${process.versions.node}\n`,
);
let scans = 0;
let good = 0;
for (let run = 1; run <= runs; run++) {
  for (const part of partsOf(run)) {
    scans++;
    const front = frontOf(run);
    if (line(run, part, front, await scan(part, front))) good++;
  }
}
console.log(`\n${good} of ${scans} right`);
process.exitCode = good === scans ? 0 : 1;
