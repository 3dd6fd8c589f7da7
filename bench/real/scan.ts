import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Report } from "../../packages/deadheat/src/index.ts";

const executable = new URL("../../packages/deadheat/bin/deadheat.js", import.meta.url).pathname;

/** Scans with the command that users have, in the folder with their deadheat.yaml; nothing else is told to it. */
export async function scan(folder: string, target: string): Promise<{ report: Report; code: number | null }> {
  const child = spawn(process.execPath, [executable, "scan", "--target", target, "--format", "json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { report: JSON.parse(text) as Report, code };
}
