import { spawn } from "node:child_process";
import { once } from "node:events";
import { labExecutable } from "./lab-process.ts";

const INTERRUPTED = 130;

/** Runs the lab in the foreground until it is interrupted. Returns its exit code. */
export async function labCommand(flags: Readonly<Record<string, string>>): Promise<number> {
  const options = Object.entries(flags).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ]);
  const child = spawn(process.execPath, [labExecutable(), ...options, "--owner-pipe"], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  // A terminal's Ctrl-C reaches the lab by itself; signals sent to this process alone are handed on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.stdin.end());
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? INTERRUPTED;
}
