/**
 * `node --import tsx -C source scripts/soak-django.ts [RUNS] [--front none|h2] [--document NAME…]`: scans of the
 * Django lab, again and again, each document on a lab of its own. Nothing of a right half may ever be proven;
 * of the racy ones, what is expected is listed here by weakness and path. Prints a line a scan.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startDjangoLab } from "../labs/django/src/index.ts";
import type { Report } from "../packages/deadheat/src/index.ts";

type Name = "token" | "bearer" | "jwt" | "listings";
const LISTINGS = [
  "lost-update POST /listings/vulnerable/",
  "revocation-race POST /listings/vulnerable/",
  "lost-update POST /listings/token-lock/",
  "lost-update POST /listings/drf-atomic/",
  "revocation-race POST /listings/drf-atomic/",
];
const racy = (name: Name) => [
  `lost-update POST /${name}/racy/score/`,
  `limit-overrun POST /${name}/racy/coupons/{code}/redeem/`,
];
const withLogout = (name: Name) => [
  ...racy(name),
  `revocation-race POST /${name}/racy/score/`,
  `revocation-race POST /${name}/unlocked/score/`,
];
const EXPECTED: Readonly<Record<Name, readonly string[]>> = {
  listings: LISTINGS,
  bearer: withLogout("bearer"),
  jwt: withLogout("jwt"),
  // One token for each user: nothing to read with while the only one is revoked.
  token: racy("token"),
};
/** What may be proven besides: everything else in a racy half, and a slow body that delays others. */
const ALLOWED = /\/racy\/|^(revocation-race|lock-hold) .*\/unlocked\/|^lock-hold .*\/listings\//;
const executable = new URL("../packages/deadheat/bin/deadheat.js", import.meta.url).pathname;

const { values, positionals } = parseArgs({
  options: {
    front: { type: "string", default: "none" },
    document: { type: "string", multiple: true, default: Object.keys(EXPECTED) },
  },
  allowPositionals: true,
});
const runs = Number(positionals[0] ?? 10);
const front = values.front === "h2" ? "h2" : "none";

async function scan(
  name: Name,
): Promise<{ report: Report; seconds: number; code: number | null; server: string }> {
  const lab = await startDjangoLab({ front });
  const folder = mkdtempSync(join(tmpdir(), "deadheat-soak-"));
  try {
    const started = performance.now();
    const args = ["scan", lab.documents[name], "--target", lab.url, "--output", folder, "--format", "json"];
    const child = spawn(process.execPath, [executable, ...args], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, ...(lab.certificate ? { NODE_EXTRA_CA_CERTS: lab.certificate } : {}) },
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    const [code] = (await once(child, "close")) as [number | null];
    const seconds = (performance.now() - started) / 1000;
    return { report: JSON.parse(printed) as Report, seconds, code, server: lab.server };
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

console.log(
  `${runs} scans of each document of labs/django · ${cpus().length} cores, ${cpus()[0]?.model} · Node ${process.versions.node}\n`,
);
let wrong = 0;
for (let run = 1; run <= runs; run++) {
  for (const name of values.document as Name[]) {
    const { report, seconds, code, server } = await scan(name);
    const found = report.findings.map(
      ({ weakness, operation }) => `${weakness} ${operation.method} ${operation.path}`,
    );
    const expected = EXPECTED[name];
    const missed = expected.filter((one) => !found.includes(one));
    const falsely = found.filter((one) => !expected.includes(one) && !ALLOWED.test(one));
    const right = missed.length === 0 && falsely.length === 0 && code === 1;
    if (!right) wrong++;
    console.log(
      `${String(run).padStart(2)}  ${name.padEnd(8)}  ${server}  seed ${report.seed}  proven ${expected.length - missed.length}/${expected.length}  ` +
        `false ${falsely.length}  ${seconds.toFixed(1)} s  ${right ? "right" : `WRONG ${[...missed, ...falsely].join("; ")}`}`,
    );
  }
}
console.log(`\n${wrong === 0 ? "all right" : `${wrong} wrong`}`);
process.exitCode = wrong === 0 ? 0 : 1;
