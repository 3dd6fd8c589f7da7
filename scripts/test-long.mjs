// Tests that take minutes: killed Django labs, other servers, test suites of users, the latency matrix. Arguments go to vitest.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const args = ["node_modules/vitest/vitest.mjs", "run", "tests/long", ...process.argv.slice(2)];
const env = { ...process.env, DEADHEAT_LONG: "1" };
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env }).status ?? 1;
