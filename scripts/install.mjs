// Installs dependencies once, and again only when the lock file changes. Node built-ins only: it runs
// before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".deadheat-installed");
const lock = join(root, ".installing");
const STALE_LOCK_MS = 15 * 60_000;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`deadheat needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}

const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const installed = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;

// Two commands may start at once in a fresh clone: a folder is made by exactly one of them.
while (!installed()) {
  if (tryLock()) {
    try {
      if (!installed()) install();
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  } else await new Promise((resolve) => setTimeout(resolve, 500));
}

function tryLock() {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, "pid"), String(process.pid));
    return true;
  } catch {
    if (ownerIsGone()) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function ownerIsGone() {
  try {
    if (Date.now() - statSync(lock).mtimeMs > STALE_LOCK_MS) return true;
    process.kill(Number(readFileSync(join(lock, "pid"), "utf8")), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function install() {
  console.error("deadheat: installing dependencies (once; again only when the lock file changes) …");
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  const run = spawnSync(command, [...args, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (run.status !== 0) {
    console.error("deadheat: npm ci failed; is the npm registry reachable?");
    process.exit(run.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}
