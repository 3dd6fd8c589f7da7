/**
 * `npm run soak [RUNS]`: scans of the whole lab (10), then as many of its guarded half, each on a lab of its own.
 * Every racy twin has to be proven and nothing at a guarded one, every time, within 90 s and 250 MB of the scanner.
 * Prints a line a scan; its output is committed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { type Lab, startLab } from "@deadheat/lab";
import type { Report } from "../packages/deadheat/src/index.ts";
import { halfOf } from "../tests/targets/guarded-half.ts";

const EXPECTED = [
  "lost-update POST /racy/profile/score",
  "limit-overrun POST /racy/coupons/{code}/redeem",
  "revocation-race POST /racy/profile/score",
  "revocation-race POST /racy/coupons/{code}/redeem",
];
const CLEAN = EXPECTED.map((one) => one.replace("/racy/", "/guarded/"));
const MOST_SECONDS = 90;
const MOST_MEGABYTES = 250;
const executable = new URL("../packages/deadheat/bin/deadheat.js", import.meta.url).pathname;
/** Runs in the scanner before anything else: tells its peak of memory (getrusage(2)) when it ends. */
const TELL_PEAK =
  "data:text/javascript," +
  encodeURIComponent(
    'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));',
  );
const runs = Number(process.argv[2] ?? 10);

interface Scan {
  readonly report: Report;
  readonly code: number | null;
  readonly seconds: number;
  readonly megabytes: number;
}

async function scan(half: "whole" | "guarded"): Promise<Scan> {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-soak-"));
  let lab: Lab | undefined;
  try {
    lab = await startLab();
    const document = half === "whole" ? lab.document : halfOf(lab.document, half, folder);
    return await scanner(document, lab.url, folder);
  } finally {
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function scanner(document: string, url: string, folder: string): Promise<Scan> {
  const args = ["scan", document, "--target", url, "--output", folder, "--format", "json"];
  const started = performance.now();
  const { DEADHEAT_TOKEN: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--import", TELL_PEAK, executable, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  let text = "";
  let peak = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  child.stdio[3]?.on("data", (chunk: Buffer) => {
    peak += chunk.toString("utf8");
  });
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = (performance.now() - started) / 1000;
  return { report: JSON.parse(text) as Report, code, seconds, megabytes: Number(peak) / 1024 };
}

const nameOf = ({ weakness, operation }: Report["outcomes"][number] | Report["findings"][number]) =>
  `${weakness} ${operation.method} ${operation.path}`;

function line(index: number, half: "whole" | "guarded", { report, code, seconds, megabytes }: Scan): boolean {
  const found = report.findings.map(nameOf);
  const expected = half === "whole" ? EXPECTED : [];
  const proven = expected.filter((one) => found.includes(one)).length;
  const falsely = found.filter((one) => one.includes(" /guarded/"));
  const silent = report.outcomes.filter((one) => one.status === "not-observed").map(nameOf);
  const clean = CLEAN.filter((one) => silent.includes(one)).length;
  const right =
    code === (half === "whole" ? 1 : 0) &&
    proven === expected.length &&
    falsely.length === 0 &&
    clean === CLEAN.length &&
    seconds <= MOST_SECONDS &&
    megabytes <= MOST_MEGABYTES;
  console.log(
    `${String(index).padStart(2)}  ${half.padEnd(7)}  seed ${report.seed}  racy proven ${proven}/${expected.length}  ` +
      `guarded clean ${clean}/${CLEAN.length}  false ${falsely.length}  exit ${code}  ` +
      `${report.requests} requests  ${seconds.toFixed(1)} s  ${megabytes.toFixed(0)} MB  ${right ? "right" : "WRONG"}`,
  );
  for (const one of falsely) console.log(`      ${one}`);
  return right;
}

const model = cpus()[0]?.model ?? "unknown processor";
console.log(
  `npm run soak: ${runs} scans of labs/node and ${runs} of its guarded half · ${cpus().length} cores, ${model} · ` +
    `Node ${process.versions.node}\n`,
);
let good = 0;
for (let index = 1; index <= 2 * runs; index++) {
  const half = index <= runs ? "whole" : "guarded";
  if (line(index, half, await scan(half))) good++;
}
console.log(`\n${good} of ${2 * runs} right`);
process.exitCode = good === 2 * runs ? 0 : 1;
