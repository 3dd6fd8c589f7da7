import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { DeadheatError } from "../errors.ts";

/** What the lab says of itself when it is ready. */
export interface LabReady {
  readonly url: string;
  readonly document: string;
  readonly database: string;
}

/** The lab's executable; the scanner reaches the lab as a process and over HTTP only. */
export function labExecutable(): string {
  try {
    return createRequire(import.meta.url).resolve("@deadheat/lab/bin");
  } catch (cause) {
    const message = "the lab is not installed";
    throw new DeadheatError("lab-unavailable", message, "Install it with: npm install @deadheat/lab", cause);
  }
}

/** Starts the lab and waits until it is ready. It stops with its owner, whatever ends the owner. */
export async function startLab(signal: AbortSignal): Promise<{ ready: LabReady; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [labExecutable(), "--json", "--owner-pipe"], {
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: a Ctrl-C reaches the scan first, which then stops the lab.
    detached: true,
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.stdin?.end();
    child.kill("SIGTERM");
    await exited;
  };
  try {
    return { ready: await readiness(child, signal), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readiness(child: ChildProcess, signal: AbortSignal): Promise<LabReady> {
  return new Promise((resolve, reject) => {
    let printed = "";
    let said = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const line = printed.indexOf("\n");
      if (line >= 0) resolve(JSON.parse(printed.slice(0, line)) as LabReady);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.once("error", reject);
    child.once("exit", () =>
      reject(new DeadheatError("lab-unavailable", said.trim() || "the lab stopped before it was ready", "")),
    );
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
