/**
 * `npm run soak [RUNS]`: the demo's scan, again and again, each on a lab of its own. Every racy twin has
 * to be proven and no guarded twin, every time. Prints a line a run; its output is committed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../packages/deadheat/src/index.ts";

const EXPECTED = [
  "lost-update POST /racy/profile/score",
  "limit-overrun POST /racy/coupons/{code}/redeem",
  "revocation-race POST /racy/profile/score",
  "revocation-race POST /racy/coupons/{code}/redeem",
];
const executable = new URL("../packages/deadheat/bin/deadheat.js", import.meta.url).pathname;
const runs = Number(process.argv[2] ?? 10);

const model = cpus()[0]?.model ?? "unknown processor";
console.log(
  `npm run soak: ${runs} scans of labs/node · ${cpus().length} cores, ${model} · Node ${process.versions.node}\n`,
);
let good = 0;
for (let index = 1; index <= runs; index++) {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-soak-"));
  const started = performance.now();
  const child = spawn(process.execPath, [executable, "demo", "--output", folder], { stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number | null];
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const [seed] = readdirSync(folder);
  const report = JSON.parse(readFileSync(join(folder, seed as string, "report.json"), "utf8")) as Report;
  rmSync(folder, { recursive: true, force: true });
  const found = report.findings.map(
    ({ weakness, operation }) => `${weakness} ${operation.method} ${operation.path}`,
  );
  const proven = EXPECTED.filter((one) => found.includes(one)).length;
  const falsely = found.filter((one) => !EXPECTED.includes(one));
  const clean = report.outcomes.filter((one) => one.status === "not-observed").length;
  const right = code === 0 && proven === EXPECTED.length && falsely.length === 0 && clean === 4;
  if (right) good++;
  console.log(
    `${String(index).padStart(2)}  seed ${report.seed}  racy proven ${proven}/${EXPECTED.length}  guarded clean ${clean}/4  ` +
      `false ${falsely.length}  exit ${code}  ${seconds} s  ${right ? "right" : "WRONG"}`,
  );
}
console.log(`\n${good} of ${runs} right`);
process.exitCode = good === runs ? 0 : 1;
