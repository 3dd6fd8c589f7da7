/**
 * `npm run loop:django [MINUTES]`: `deadheat prove labs/django` as a user would run it, and what is known of the lab beside
 * what it says: every racy endpoint proven with its exhibits, at least twelve fixed and verified gone, nothing that is
 * right proven or changed, and the fixed copy answering, one call at a time, as the lab's own tests want it. MINUTES is for
 * the races alone. Its output is committed.
 */
import { execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SCHEMES } from "../labs/django/src/client/user.ts";
import { startDjangoLab } from "../labs/django/src/index.ts";
import type { ProvenFinding, ProveReport } from "../packages/deadheat/src/findings/prove-report.ts";
import { transcript } from "../tests/support/django-transcript.ts";
import { type Part, racyIn } from "../tests/targets/django.ts";

const MOST_SECONDS = 360;
const LEAST_FIXED = 12;
const PARTS: readonly Part[] = [
  { scheme: "token", half: "racy" },
  { scheme: "bearer", half: "racy" },
  { scheme: "jwt", half: "racy" },
  { scheme: "listings", half: "racy" },
];
/** What the racy halves and the listings have for themselves; all else the right half shares. */
const MAY_CHANGE =
  /^(Racy|Unlocked)\w+$|^(VulnerableProfileView|AtomicProfileView|verify_and_update|Nickname)$/;
/** All of a racy half may race; so may what checks its token without a lock, and a slow body's lock. */
const MAY_RACE = /\/racy\/|\/listings\/|^revocation-race POST \/\w+\/unlocked\//;
const root = join(import.meta.dirname, "..");
const minutes = process.argv[2] ?? "2.8";
const folder = mkdtempSync(join(tmpdir(), "deadheat-loop-"));

const model = cpus()[0]?.model ?? "unknown processor";
console.log(
  `npm run loop:django ${minutes} · ${cpus().length} cores, ${model}, load ${loadavg()[0]?.toFixed(1)} · Node ${process.versions.node}\n`,
);
const started = performance.now();
const args = [
  "prove",
  "labs/django",
  "--minutes",
  minutes,
  "--trials",
  "12",
  "--output",
  folder,
  "--seed",
  "loop",
];
const child = spawn(process.execPath, [join(root, "packages/deadheat/bin/deadheat.js"), ...args], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});
let page = "";
child.stdout.setEncoding("utf8").on("data", (text: string) => {
  page += text;
});
await new Promise((resolve) => child.once("close", resolve));
const seconds = (performance.now() - started) / 1000;
console.log(page.replaceAll(folder, ".deadheat"));

const report = JSON.parse(readFileSync(join(folder, "loop", "prove.json"), "utf8")) as ProveReport;
const nameOf = (one: ProvenFinding) => `${one.weakness} ${one.operation.method} ${one.operation.path}`;
const proven = new Map(report.findings.map((one) => [nameOf(one), one]));
const racy = PARTS.flatMap(racyIn);
const missed = racy.filter((one) => !proven.has(one));
const falsely = [...proven.keys()].filter((one) => !MAY_RACE.test(one));
const gone = report.findings.filter((one) => one.fix?.status === "gone");
const touched = changedIn((report.fix?.patches ?? []).map(({ diff }) => diff).join(""));
const EXHIBITS = ["spec", "runtime", "interleaving", "source"];
const lacking = racy.flatMap((one) => {
  const kinds = proven.get(one)?.evidence.map(({ kind }) => kind) ?? EXHIBITS;
  const none = EXHIBITS.filter((kind) => !kinds.includes(kind as (typeof kinds)[number]));
  return none.length > 0 ? [`${one}: without ${none.join(", ")}`] : [];
});
const wrong = [
  ...missed.map((one) => `not proven: ${one}: ${whatBecameOf(one)}`),
  ...lacking.map((one) => `not in all exhibits: ${one}`),
  ...falsely.map((one) => `proven, and right: ${one}`),
  ...touched.filter((one) => !MAY_CHANGE.test(one)).map((one) => `touched, and right: ${one}`),
  ...(gone.length < LEAST_FIXED ? [`${gone.length} fixed and gone, fewer than ${LEAST_FIXED}`] : []),
  ...(seconds > MOST_SECONDS ? [`took ${seconds.toFixed(0)} s, more than ${MOST_SECONDS}`] : []),
  ...(await behavesAsBefore()),
];
const exhibits = (kind: string) =>
  report.findings.filter((one) => one.evidence.some((of) => of.kind === kind)).length;
console.log(
  [
    `racy endpoints of the lab proven: ${racy.length - missed.length} of ${racy.length}, in all four exhibits: ${racy.length - missed.length - lacking.length}`,
    `exhibits: spec ${exhibits("spec")}, run ${exhibits("runtime")}, schedule ${exhibits("interleaving")}, source ${exhibits("source")}, of ${report.findings.length} findings`,
    `fixed and verified gone: ${gone.length}; still racing: ${report.findings.filter((one) => one.fix?.status === "still-racing").length}`,
    `changed by the fix: ${touched.join(", ")}`,
    `${seconds.toFixed(1)} s`,
    ...wrong.map((one) => `WRONG  ${one}`),
    wrong.length === 0 ? "right" : `${wrong.length} wrong`,
  ].join("\n"),
);
rmSync(folder, { recursive: true, force: true });
process.exitCode = wrong.length === 0 ? 0 : 1;

function whatBecameOf(name: string): string {
  const found = report.scan?.outcomes.find(
    ({ weakness, operation }) => `${weakness} ${operation.method} ${operation.path}` === name,
  );
  return found ? `${found.status} ${found.reason ?? ""}` : "not planned";
}

/** Classes and functions of the application whose lines the patch changes, as the diff's hunks lie in the files. */
function changedIn(patch: string): string[] {
  const found = new Set<string>();
  for (const file of patch.split(/^--- /m).slice(1)) {
    const name = /^a\/(\S+)/.exec(file)?.[1];
    if (name === undefined || name === "dev/null") continue;
    const lines = readFileSync(join(root, "labs/django", name), "utf8").split("\n");
    for (const hunk of file.split(/^@@ /m).slice(1)) {
      let at = Number(/^-(\d+)/.exec(hunk)?.[1]) - 1;
      for (const line of hunk.split("\n").slice(1)) {
        if (line.startsWith("-") && !/^-\s*(from|import)\b/.test(line)) found.add(around(lines, at));
        if (!line.startsWith("+")) at++;
      }
    }
  }
  return [...found].sort();
}

function around(lines: readonly string[], at: number): string {
  for (let index = at; index >= 0; index--) {
    const name = /^(?:class|def) (\w+)/.exec(lines[index] ?? "")?.[1];
    if (name !== undefined) return name;
  }
  return "top level";
}

/** The lab's own tests of one call at a time, on the fixed copy. */
async function behavesAsBefore(): Promise<string[]> {
  if ((report.fix?.patches ?? []).length === 0) return [];
  const copy = join(folder, "fixed");
  cpSync(join(root, "labs/django"), copy, {
    recursive: true,
    filter: (one) => !one.includes("node_modules"),
  });
  await promisify(execFile)("patch", ["-p1", "-d", copy, "-i", join(folder, "loop", "fix.patch")]);
  process.env.LAB_APP = join(copy, "app");
  const lab = await startDjangoLab({ think: 0 });
  try {
    const problems: string[] = [];
    for (const scheme of SCHEMES) {
      const fixed = await transcript({ url: lab.url, scheme, half: "racy" });
      const right = await transcript({ url: lab.url, scheme, half: "right" });
      const differs = fixed.find((line, index) => line !== right[index]);
      if (fixed.length < 35 || differs !== undefined)
        problems.push(`${scheme}: the fixed copy answers otherwise: ${differs}`);
    }
    return problems;
  } finally {
    await lab.stop();
  }
}
