// The one test command: lint, types, build, tests. Arguments go to vitest. The program that the tests start is the
// one that is published: it starts three times as fast as the sources.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const results = join(root, ".test-report", "results.json");
rmSync(results, { force: true });

const PUBLISHED = ["packages/oracle", "packages/guard", "labs/node", "packages/deadheat"];
const steps = [
  ["lint", "@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."]],
  ["types", "typescript/bin/tsc", ["-p", "tsconfig.json"]],
  ["types of the viewer", "typescript/bin/tsc", ["-p", "packages/viewer"]],
  ["build", "typescript/bin/tsc", ["-b", ...PUBLISHED]],
  ["build of the program", "../scripts/program.mjs", []],
  [
    "tests",
    "vitest/vitest.mjs",
    [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${results}`,
      ...process.argv.slice(2),
    ],
  ],
];
let failed = 0;
for (const [name, script, args] of steps) {
  const run = spawnSync(process.execPath, [join(root, "node_modules", script), ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, DEADHEAT_BUILT: "1" },
  });
  if (run.status === 0) continue;
  failed++;
  console.error(`${name}: failed`);
}
let tests = { passed: 0, failed: 0 };
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(results, "utf8"));
  // A file that cannot even be loaded has no tests to fail.
  tests = { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites };
} catch {
  tests.failed = 1;
}
const otherSteps = failed - (tests.failed > 0 ? 1 : 0);
console.log(`${tests.passed} passed, ${tests.failed + Math.max(0, otherSteps)} failed`);
process.exit(failed === 0 ? 0 : 1);
