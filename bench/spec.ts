/**
 * How long `deadheat plan` takes on a large document, against tools that look at security schemes today: in one run,
 * each several times in turn, whole processes. `npm run bench:spec`; commit its output as bench/results/spec.txt.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder, packagesFolder } from "../tests/support/packages.ts";
import { measured, median, type Run } from "./spec/process.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const root = fileURLToPath(new URL("..", import.meta.url));
execFileSync("npx", ["tsc", "-b", "packages/oracle", "packages/deadheat"], { cwd: root });

const documents = [
  ["@octokit/openapi@23.0.2", "generated/api.github.com.json"],
  ["@gitbook/api@0.202.0", "spec/openapi.yaml"],
  ["@netlify/open-api@2.60.0", "dist/swagger.json"],
] as const;
const redocly = packagesFolder(["@redocly/cli@2.77.0"]);
const spectral = packagesFolder([
  "@stoplight/spectral-cli@6.16.3",
  "@stoplight/spectral-owasp-ruleset@2.0.1",
]);
const folder = mkdtempSync(join(tmpdir(), "deadheat-bench-"));
writeFileSync(
  join(folder, "redocly.yaml"),
  "rules:\n  security-defined: error\n  operation-operationId-unique: error\n",
);
writeFileSync(
  join(spectral, "owasp.yaml"),
  "extends:\n  - ./node_modules/@stoplight/spectral-owasp-ruleset/dist/ruleset.js\n",
);

const tools: Readonly<Record<string, (file: string) => Run>> = {
  "deadheat plan --json": (file) =>
    measured(join(root, "packages/deadheat/bin/deadheat.js"), ["plan", file, "--json"], folder),
  "redocly lint, two rules": (file) =>
    measured(
      binary(redocly, "@redocly/cli", "redocly"),
      [
        "lint",
        file,
        "--config",
        join(folder, "redocly.yaml"),
        "--format",
        "json",
        "--max-problems",
        "100000",
      ],
      folder,
    ),
  "spectral lint, OWASP": (file) =>
    measured(
      binary(spectral, "@stoplight/spectral-cli", "spectral"),
      ["lint", file, "--ruleset", join(spectral, "owasp.yaml"), "--format", "json", "--quiet"],
      spectral,
    ),
};

function binary(home: string, name: string, command: string): string {
  const place = join(home, "node_modules", name);
  const { bin } = JSON.parse(readFileSync(join(place, "package.json"), "utf8")) as {
    bin: Record<string, string>;
  };
  return join(place, bin[command] as string);
}

function outcomeOf(name: string, run: Run): string {
  if (name.startsWith("deadheat")) {
    if (run.code !== 0) return `exit ${run.code}`;
    const { operations, links, candidates } = JSON.parse(run.stdout) as Record<string, unknown[]>;
    return `${operations?.length} operations, ${links?.length} links, ${candidates?.length} candidates, each with its place`;
  }
  // A linter that found something exits with 1 and has printed JSON.
  const found = run.stdout.trimStart().startsWith("{") || run.stdout.trimStart().startsWith("[");
  if (found || run.code === 0) return "finished";
  const said = run.stderr.split("\n").find((line) => /^Error #|fatal|killed/i.test(line));
  return `crashed: ${(said ?? `exit ${run.code}`).trim().slice(0, 90)}`;
}

console.log(
  `npm run bench:spec · ${cpus().length} cores, ${cpus()[0]?.model} · Node ${process.versions.node}`,
);
console.log(
  `whole processes, median of ${ROUNDS} in turn (Spectral: 1) · CPU: user and system, all threads · MB: largest resident set · load ${loadavg()[0]?.toFixed(1)}\n`,
);
try {
  for (const [source, name] of documents) {
    const file = join(packageFolder(source), name);
    if (!existsSync(file)) throw new Error(`${source} has no ${name}`);
    const size = (readFileSync(file).length / 1e6).toFixed(1);
    console.log(`${source} ${name} · ${size} MB`);
    const runs = new Map<string, Run[]>(Object.keys(tools).map((tool) => [tool, []]));
    for (let round = 0; round < ROUNDS; round++)
      for (const [tool, run] of Object.entries(tools))
        if (round === 0 || !tool.startsWith("spectral")) runs.get(tool)?.push(run(file));
    const ours = runs.get("deadheat plan --json") ?? [];
    const own = { ms: median(ours.map(({ ms }) => ms)), cpu: median(ours.map(({ cpuMs }) => cpuMs)) };
    for (const [tool, all] of runs) {
      const ms = median(all.map((one) => one.ms));
      const mb = Math.max(...all.map((one) => one.mb));
      const cpu = median(all.map((one) => one.cpuMs));
      const ratio = tool.startsWith("deadheat")
        ? ""
        : ` · ${(ms / own.ms).toFixed(1)} × the time, ${(cpu / own.cpu).toFixed(1)} × the CPU`;
      const [first] = all;
      console.log(
        `  ${tool.padEnd(24)} ${(ms / 1000).toFixed(2).padStart(6)} s (CPU ${(cpu / 1000).toFixed(2)} s) ${mb.toFixed(0).padStart(5)} MB${ratio} · ${first ? outcomeOf(tool, first) : ""}`,
      );
    }
    console.log("");
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
