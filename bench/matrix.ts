/**
 * Database latency × database connections, on labs/node: every racy twin has to be proven wherever its requests can
 * overlap, and no guarded one ever. Prints a line for each cell and half; its output is committed.
 *
 *   node --import tsx -C source bench/matrix.ts [TRIALS]
 */
import { cpus } from "node:os";
import type { Report } from "../packages/deadheat/src/index.ts";
import { type Half, scannedHalf } from "../tests/targets/guarded-half.ts";

const LATENCIES_MS = [0, 1, 20];
const CONNECTIONS = [1, 16];
const HALVES: readonly Half[] = ["racy", "guarded"];
const trials = Number(process.argv[2] ?? 60);

console.log(
  `bench/matrix.ts: labs/node, ${trials} trials a scenario · ${cpus().length} cores · Node ${process.versions.node}\n`,
);
for (const databaseLatency of LATENCIES_MS)
  for (const connections of CONNECTIONS)
    for (const half of HALVES) {
      const started = performance.now();
      const report = await scannedHalf(
        half,
        { databaseLatency, connections },
        { trials, timeLimitMs: 120_000, timeoutMs: 10_000 },
      );
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.log(
        `latency ${String(databaseLatency).padStart(2)} ms  connections ${String(connections).padStart(2)}  ` +
          `${half.padEnd(7)}  ${report.requests} requests, ${seconds} s`,
      );
      for (const line of judged(report)) console.log(`  ${line}`);
    }

function judged({ outcomes }: Report): string[] {
  return outcomes
    .filter(({ status }) => status !== "not-applicable")
    .map(({ weakness, operation, status, reason, bound, overlapped, trials: sent }) => {
      const words = reason ?? (bound === undefined ? "" : `< ${(100 * bound).toFixed(1)} %`);
      return `${weakness.padEnd(15)} ${operation.path.replace(/^\/\w+/, "").padEnd(23)} ${status.padEnd(12)} ${overlapped}/${sent} overlapped  ${words}`;
    });
}
