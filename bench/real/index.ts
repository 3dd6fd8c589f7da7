/**
 * `npm run bench:real [NAME[@VERSION]…] [--keep FOLDER]`: identity servers of others', each in a version whose codes are known to
 * work more than once and in one in which that is mended, on a real PostgreSQL server, scanned from a configuration
 * alone. Installs, starts, scans, stops; prints what was judged. Its output is committed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "@deadheat/lab/postgres";
import type { Report } from "../../packages/deadheat/src/index.ts";
import { scan } from "./scan.ts";
import { install, serve } from "./serve.ts";
import { type Subject, subjects } from "./subjects.ts";

const { values, positionals } = parseArgs({
  options: { keep: { type: "string" } },
  allowPositionals: true,
});
const home = values.keep ?? mkdtempSync(join(tmpdir(), "deadheat-real-"));

async function judged(
  { name, known }: Subject,
  packages: readonly string[],
  racy: boolean,
): Promise<boolean> {
  const [tested = ""] = packages;
  const folder = join(home, tested);
  install(folder, packages, join(import.meta.dirname, name));
  const postgres = await startPostgres();
  try {
    const server = await serve(folder, postgres.url);
    const started = performance.now();
    const { report } = await scan(folder, server.url).finally(() => server.stop());
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    const expected = racy ? "proven" : "not-observed";
    const right = known.every((one) => statusOf(report, one) === expected);
    const alone = report.findings.every((one) => racy && known.includes(nameOf(one)));
    console.log(
      `${tested} · PostgreSQL ${postgres.version} · seed ${report.seed} · ${report.requests} requests, ${seconds} s · ` +
        (right ? (alone ? "right" : "right, and more was found") : "WRONG"),
    );
    for (const line of linesOf(report)) console.log(`  ${line}`);
    console.log("");
    return right;
  } finally {
    await postgres.stop();
  }
}

const nameOf = ({ weakness, operation }: Report["outcomes"][number] | Report["findings"][number]) =>
  `${weakness} ${operation.method} ${operation.path}`;

function statusOf({ outcomes }: Report, name: string): string | undefined {
  return outcomes.find((one) => nameOf(one) === name)?.status;
}

function linesOf({ outcomes, findings }: Report): string[] {
  return outcomes.flatMap((one) => {
    const { status, trials, overlapped, bound, reason, remarks = [] } = one;
    const finding = findings.find((it) => nameOf(it) === nameOf(one));
    const evidence = finding?.evidence.find((it) => it.kind === "runtime");
    const words = [
      `${status.padEnd(14)} ${nameOf(one)}`,
      ...(trials > 0 ? [`${overlapped} of ${trials} trials overlapped`] : []),
      ...(bound === undefined ? [] : [`< ${(100 * bound).toFixed(1)} %`]),
      ...(evidence && "rate" in evidence && evidence.rate
        ? [`${evidence.rate.races} of ${evidence.rate.trials} further trials`]
        : []),
      ...(reason === undefined ? [] : [reason]),
    ];
    const told = evidence && "summary" in evidence ? [evidence.summary] : [];
    return [words.join(" · "), ...[...told, ...remarks].map((text) => `${" ".repeat(15)}${text}`)];
  });
}

console.log(
  `npm run bench:real: from a deadheat.yaml and an OpenAPI document alone · ${cpus().length} cores, ` +
    `${cpus()[0]?.model} · Node ${process.versions.node}\n`,
);
let wrong = 0;
try {
  for (const subject of subjects)
    for (const version of ["old", "mended"] as const) {
      const wanted = [subject.name, subject[version][0] ?? ""].some((one) => positionals.includes(one));
      if (positionals.length > 0 && !wanted) continue;
      if (!(await judged(subject, subject[version], version === "old"))) wrong++;
    }
} finally {
  if (values.keep === undefined) rmSync(home, { recursive: true, force: true });
}
console.log(wrong === 0 ? "all as known" : `${wrong} WRONG`);
process.exitCode = wrong === 0 ? 0 : 1;
