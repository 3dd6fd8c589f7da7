import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where packages are kept that tests look at and that nothing here depends on: outside of the repository. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "deadheat", "packages");

/**
 * Installs a published package, once, and returns its folder. Its scripts are not run. Throws an Error where it cannot
 * be had.
 */
export function packageFolder(source: string): string {
  const name = source.slice(0, source.lastIndexOf("@"));
  const home = join(CACHE, source.replaceAll("/", "+"));
  if (!existsSync(home)) install(source, home);
  return join(home, "node_modules", name);
}

/** Packages that are needed together, in one folder; returns that. */
export function packagesFolder(sources: readonly string[]): string {
  const home = join(CACHE, sources.join(" ").replaceAll("/", "+"));
  if (!existsSync(home)) install(sources.join(" "), home);
  return home;
}

function install(sources: string, home: string): void {
  // Aside first: an installation that was broken off is none.
  const aside = `${home}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  writeFileSync(join(aside, "package.json"), '{ "private": true }\n');
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"];
  const { status, stderr } = spawnSync("npm", ["install", ...options, ...sources.split(" ")], {
    cwd: aside,
    encoding: "utf8",
  });
  if (status !== 0) {
    rmSync(aside, { recursive: true, force: true });
    throw new Error(`npm install ${sources} failed:\n${stderr.slice(-1000)}`);
  }
  if (existsSync(home)) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, home);
}
