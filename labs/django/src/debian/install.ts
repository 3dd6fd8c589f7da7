import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "../errors.ts";
import type { LabSwitches } from "../options.ts";
import { type Found, lookForPackages, recentEnough } from "./requirements.ts";

const PATIENCE_MS = 300_000;

/** What decides whether something can be installed here. */
export interface Machine {
  readonly debian: boolean;
  readonly root: boolean;
  look(switches: LabSwitches): Promise<Found>;
  /** Throws LabError. */
  apt(args: readonly string[], signal: AbortSignal): Promise<void>;
}

const thisMachine = (): Machine => ({
  debian: existsSync("/etc/debian_version") && existsSync("/usr/bin/apt-get"),
  root: process.getuid?.() === 0,
  look: lookForPackages,
  apt,
});

/** Where a lab with these switches cannot run yet: installs what it needs, or says what is missing. */
export async function havePackages(
  switches: LabSwitches,
  log: (line: string) => void,
  signal: AbortSignal,
  machine = thisMachine(),
): Promise<{ readonly django: string }> {
  let found = await machine.look(switches);
  if (found.missing.length > 0 && switches.install && canInstall(switches, machine)) {
    log(`installing ${found.missing.join(" ")}`);
    // Without an update first, a fresh image knows of no package at all.
    await machine.apt(["update"], signal);
    await machine.apt(["install", "--yes", "--no-install-recommends", ...found.missing], signal);
    found = await machine.look(switches);
  }
  if (found.missing.length > 0) throw missing(found.missing, switches);
  recentEnough(found.django);
  return { django: found.django! };
}

function canInstall(switches: LabSwitches, { debian, root }: Machine): boolean {
  // Debian's packages are of no use to an interpreter from somewhere else.
  return debian && root && switches.python === "/usr/bin/python3";
}

function missing(names: readonly string[], switches: LabSwitches): LabError {
  const list = names.join(" ");
  const hint =
    switches.python === "/usr/bin/python3"
      ? `On Debian: apt-get install ${list}. Elsewhere: --python FILE of an environment with Django, djangorestframework, djangorestframework-simplejwt, drf-spectacular, psycopg2 and ${switches.server}.`
      : `Install them for ${switches.python}; the names are those of Debian's packages.`;
  return new LabError("missing-packages", `the Django lab needs ${list}`, { hint });
}

/** Waits for others that use apt: two labs that start on a fresh machine both find it lacking. */
export async function apt(args: readonly string[], signal: AbortSignal): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    signal.throwIfAborted();
    const { code, said } = await aptOnce(args);
    if (code === 0) return;
    if (!/Could not get lock|Unable to lock/.test(said) || performance.now() > end) {
      const last = said.trim().split("\n").slice(-2).join(" | ");
      throw new LabError("install-failed", `apt-get ${args[0]} failed (${code}): ${last}`);
    }
    await sleep(2_000);
  }
}

async function aptOnce(args: readonly string[]): Promise<{ code: number | string; said: string }> {
  const child = spawn("/usr/bin/apt-get", ["-o", "DPkg::Lock::Timeout=300", "-q", ...args], {
    // Packages of servers start them as they are installed; on runlevel 1 there are none to be started.
    env: { PATH: process.env.PATH, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8", RUNLEVEL: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    // Not killed when called off, nor by a Ctrl-C: a package manager that is interrupted leaves a mess.
    detached: true,
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const [code] = (await once(child, "close").catch((error: Error) => [error.message])) as [number | string];
  return { code, said: said.join("") };
}
