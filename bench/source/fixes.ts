/**
 * What `deadheat fix` does to races that were really fixed, on the original files before their fixes:
 * `npm run bench:fixes -- --corpus DIR --table FIXES.tsv [--read READINGS.tsv] [--ids 05,06] [--diffs]`.
 *
 * DIR is that of bench/source.ts: `ID/before/PATH`. For each id of reach `intra` the findings in its function are
 * fixed; the patched files are compiled by python3 and analysed again. What a reader said of each diff is in the
 * table of readings (id, verdict, why). Nothing is fetched, and nothing of the files is kept.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkSource } from "../../packages/deadheat/src/source/check.ts";
import { type FixReport, fixProject } from "../../packages/deadheat/src/source/fixes/index.ts";
import { type Fix, readTable } from "./table.ts";

const argument = (name: string) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const corpus = argument("--corpus");
const table = argument("--table");
if (!corpus || !table) {
  process.stderr.write("usage: bench/source/fixes.ts --corpus DIR --table FIXES.tsv [--read READINGS.tsv]\n");
  process.exit(2);
}
const readings = readReadings(argument("--read"));
const ids = argument("--ids")?.split(",");
const rows: Row[] = [];
for (const fix of readTable(readFileSync(table, "utf8")))
  if (fix.reach === "intra" && (!ids || ids.includes(fix.id)))
    rows.push(await measure(fix, join(corpus, fix.id, "before")));
process.stdout.write(printed(rows));

interface Row {
  readonly fix: Fix;
  readonly found: number;
  /** Of those, how many are gone. */
  readonly ended: number;
  /** Findings in other functions that stood behind them. */
  readonly uncovered: number;
  readonly report: FixReport | undefined;
  readonly compiled: boolean;
}

async function measure(fix: Fix, folder: string): Promise<Row> {
  if (!existsSync(folder))
    return { fix, found: 0, ended: 0, uncovered: 0, report: undefined, compiled: false };
  const checked = await checkSource(folder, { now: () => performance.now() });
  const findings = checked.findings.filter(
    (one) =>
      one.file === fix.path && (one.function === fix.function || one.function.startsWith(`${fix.function}.`)),
  );
  const report = await fixProject(folder, { findings });
  if (process.argv.includes("--diffs"))
    process.stdout.write(
      [
        `# ${fix.id} ${fix.repository} ${fix.function}`,
        ...report.fixed.flatMap((one) => [`## ${one.finding.rule}: ${one.kind}`, ...one.warnings, one.diff]),
        ...report.unfixed.map((one) => `## ${one.finding.rule}: not fixed: ${one.reason}`),
        "",
      ].join("\n"),
    );
  const own = new Set(findings.map((one) => one.fingerprint));
  const left = report.unfixed.filter((one) => own.has(one.finding.fingerprint)).length;
  const others = [...report.fixed, ...report.unfixed].filter((one) => !own.has(one.finding.fingerprint));
  return {
    fix,
    found: findings.length,
    ended: findings.length - left,
    uncovered: others.length,
    report,
    compiled: report.patches.every((one) => compiles(one.text)),
  };
}

function compiles(text: string): boolean {
  return (
    spawnSync("python3", ["-c", "import sys; compile(sys.stdin.buffer.read(), 'patched', 'exec')"], {
      input: text,
    }).status === 0
  );
}

function readReadings(
  file: string | undefined,
): ReadonlyMap<string, { readonly verdict: string; readonly why: string }> {
  const lines = file === undefined ? [] : readFileSync(file, "utf8").trim().split("\n").slice(1);
  return new Map(
    lines.map((line) => {
      const [id = "", verdict = "", why = ""] = line.split("\t");
      return [id, { verdict, why }];
    }),
  );
}

function printed(all: readonly Row[]): string {
  const lines = all.map(({ fix, found, ended, uncovered, report, compiled }) => {
    const read = readings.get(fix.id);
    const kinds = report?.fixed.map((one) => one.kind).join(" ") || "-";
    const cells = [
      fix.id.padEnd(3),
      fix.kind.padEnd(20),
      `${ended} of ${found}`.padEnd(7),
      (compiled ? "yes" : "no").padEnd(8),
      (found > 0 && ended === found ? "yes" : "no").padEnd(5),
      String(uncovered).padEnd(9),
      (read?.verdict ?? "").padEnd(5),
      kinds,
    ];
    return [cells.join(" "), ...(read ? [`      ${read.why}`] : [])].join("\n");
  });
  const isApplied = ({ ended }: Row) => ended > 0;
  const isClean = ({ found, ended }: Row) => found > 0 && ended === found;
  const share = (label: string, test: (row: Row) => boolean) => {
    const count = all.filter(test).length;
    return `${label.padEnd(30)} ${String(count).padStart(2)} of ${all.length} (${((100 * count) / Math.max(1, all.length)).toFixed(0)} %)`;
  };
  return [
    "id  class                gone    compiles clean uncovered right kinds",
    ...lines,
    "",
    share("applied", isApplied),
    share("applied, and compiles", (row) => isApplied(row) && row.compiled),
    share("applied, and analysed clean", isClean),
    ...(readings.size > 0
      ? [
          share(
            "applied, and right on reading",
            (row) => isApplied(row) && readings.get(row.fix.id)?.verdict === "right",
          ),
        ]
      : []),
    "",
  ].join("\n");
}
