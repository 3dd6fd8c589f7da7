import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { root } from "./support/command.ts";

const KINDS = 12;

async function stepsOf(task: string, format: string): Promise<[number, number]> {
  const script = join(root, "tests", "support", "count-steps.ts");
  const args = ["--no-opt", "--import", "tsx", "-C", "source", script, task, format, String(KINDS)];
  const counted = () => promisify(execFile)(process.execPath, args, { cwd: root });
  // Counting without optimising has once, of hundreds of runs, ended the process itself: by which signal is told.
  const { stdout } = await counted().catch((cause) => {
    if (!cause.signal) throw cause;
    console.warn(`${task} from ${format}: ended by ${cause.signal}, counted again`);
    return counted();
  });
  return JSON.parse(stdout) as [number, number];
}

describe("twice the document takes about twice the steps", () => {
  it.each([
    ["plan", "json"],
    ["plan", "yaml"],
    ["annotate", "json"],
    ["annotate", "yaml"],
    ["scan", "json"],
  ])("to %s from %s", async (task, format) => {
    const [once, twice] = await stepsOf(task, format);
    expect(once).toBeGreaterThan(10_000);
    // Where every operation looks at every other one, it is four times.
    expect(twice / once).toBeLessThan(2.4);
  });
});
