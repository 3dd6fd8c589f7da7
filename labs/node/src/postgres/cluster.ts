import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chown, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { PostgresError } from "./errors.ts";
import { freePort } from "./port.ts";
import { exists } from "./processes.ts";
import { serverSettings } from "./settings.ts";

const USER = "deadheat";
const ATTEMPTS = 5;

export interface Site {
  readonly home: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  readonly maxConnections: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Cluster {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Makes a data directory and starts a server on it, at a port that is free. */
export async function startCluster(site: Site): Promise<Cluster> {
  // Only the password keeps other users of the machine out: a loopback port is open to all of them.
  const password = randomBytes(24).toString("base64url");
  await initialise(site, password);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = await launch(site, port);
    if (server !== "port-taken") {
      const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
      return { url, process: server, stop: () => stop(server) };
    }
    if (attempt === ATTEMPTS) {
      throw new PostgresError(
        "start-failed",
        `${ATTEMPTS} free ports were taken before the server could use them`,
      );
    }
  }
}

async function initialise(site: Site, password: string): Promise<void> {
  const { home, account, binaries, signal } = site;
  const secret = join(home, "password");
  await mkdir(join(home, "data"), { mode: 0o700 });
  await writeFile(secret, password, { mode: 0o600 });
  if (account) {
    await chown(join(home, "data"), account.uid, account.gid);
    await chown(secret, account.uid, account.gid);
  }
  throwIfInterrupted(signal);
  const initdb = start(site, binaries.initdb, [
    ...["-D", join(home, "data"), "-U", USER, `--pwfile=${secret}`, "--auth=scram-sha-256"],
    ...["--no-sync", "--encoding=UTF8", "--locale=C", "--wal-segsize=1"],
  ]);
  // The group, because initdb runs the server itself, in several passes.
  const kill = () => signalGroup(initdb, "SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  const said: string[] = [];
  watch(initdb, (line) => said.push(line));
  const code = await exit(initdb);
  signal.removeEventListener("abort", kill);
  throwIfInterrupted(signal);
  if (code !== 0) throw new PostgresError("start-failed", `initdb failed: ${said.slice(-3).join(" | ")}`);
  await rm(secret);
}

async function launch(site: Site, port: number): Promise<ChildProcess | "port-taken"> {
  throwIfInterrupted(site.signal);
  const args = serverSettings(port, site.maxConnections).flatMap((setting) => ["-c", setting]);
  const server = start(site, site.binaries.postgres, ["-D", join(site.home, "data"), ...args]);
  const gone = exit(server);
  const kill = () => void stop(server);
  site.signal.addEventListener("abort", kill, { once: true });
  const said: string[] = [];
  const ready = new Promise<true>((resolve) => {
    watch(server, (line) => {
      said.push(line);
      if (said.length > 20) said.shift();
      site.log(line);
      if (line.includes("database system is ready to accept connections")) resolve(true);
    });
  });
  const outcome = await Promise.race([ready, gone]);
  site.signal.removeEventListener("abort", kill);
  if (site.signal.aborted) await gone;
  throwIfInterrupted(site.signal);
  if (outcome === true) return server;
  if (said.some((line) => /could not bind|Address already in use|could not create any TCP/.test(line))) {
    return "port-taken";
  }
  throw new PostgresError("start-failed", `postgres exited (${outcome}): ${said.slice(-3).join(" | ")}`);
}

function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new PostgresError("interrupted", "called off before the server was ready");
}

function start(site: Site, file: string, args: string[]): ChildProcess {
  const { PATH } = process.env;
  return spawn(file, args, {
    cwd: site.home,
    // Nothing of the user's PG* variables, and messages in the language that they are matched in.
    env: { ...(PATH === undefined ? {} : { PATH }), LC_ALL: "C", TZ: "UTC", HOME: site.home },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...site.account,
  });
}

function watch(child: ChildProcess, line: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", line);
  }
}

async function exit(child: ChildProcess): Promise<number | string | null> {
  try {
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    return code ?? signal;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Immediate shutdown, not the orderly one: the data are about to be deleted. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = exit(server);
  server.kill("SIGQUIT");
  const late = setTimeout(() => signalGroup(server, "SIGKILL"), 5_000);
  await gone;
  clearTimeout(late);
}

/** Once the child has ended its id may be another's; that of its group is its own as long as no process has it. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  const { pid, exitCode, signalCode } = child;
  if (pid === undefined || ((exitCode !== null || signalCode !== null) && exists(pid))) return;
  try {
    process.kill(-pid, signal);
  } catch {
    child.kill(signal);
  }
}
