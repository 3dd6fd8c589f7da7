import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { DeadheatError } from "../errors.ts";

const INTERRUPTED = 130;

/** Runs the Django lab in the foreground until it is interrupted. Its options are its own. Returns its exit code. */
export async function labDjangoCommand(args: readonly string[]): Promise<number> {
  // A group of its own: it cleans up when its pipe closes, which a terminal's Ctrl-C must not cut short.
  const child = spawn(process.execPath, [executable(), ...args, "--owner-pipe"], {
    stdio: ["pipe", "inherit", "inherit"],
    detached: true,
  });
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interrupted = true;
      child.stdin.end();
    });
  }
  const [code] = (await once(child, "exit")) as [number | null];
  return interrupted ? INTERRUPTED : (code ?? INTERRUPTED);
}

function executable(): string {
  try {
    return createRequire(import.meta.url).resolve("@deadheat/lab-django/bin");
  } catch (cause) {
    const message = "the Django lab is not installed";
    throw new DeadheatError("lab-unavailable", message, "It comes with a checkout of deadheat.", cause);
  }
}
