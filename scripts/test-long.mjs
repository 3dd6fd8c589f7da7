// Tests that take minutes: killed Django labs, other servers, test suites of users, the latency matrix. Arguments go to
// vitest; one that is no option names a file here: `npm run test:long -- labels`.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const given = process.argv.slice(2);
// Vitest runs what fits any of its filters: beside `tests/long`, a name would leave nothing out.
const filters = given.map((one) => (one.startsWith("-") ? one : `tests/long/${one}`));
const all = given.some((one) => !one.startsWith("-")) ? [] : ["tests/long"];
const args = ["node_modules/vitest/vitest.mjs", "run", ...all, ...filters];
const env = { ...process.env, DEADHEAT_LONG: "1" };
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env }).status ?? 1;
