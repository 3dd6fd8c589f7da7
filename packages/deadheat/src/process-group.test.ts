import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { endGroup } from "./process-group.ts";

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** The leader of a group. */
function leader(script: string): ChildProcess {
  const child = spawn("sh", ["-c", script], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  return child;
}

describe.skipIf(process.platform === "win32")("the end of a process group", () => {
  it("is that of all that its leader started, also where the leader has ended before", async () => {
    for (const script of ["sleep 60 & echo $!; wait", "sleep 60 & echo $!"]) {
      const child = leader(script);
      const [pid] = await once(child.stdout as NodeJS.ReadableStream, "data");
      if (!script.endsWith("wait")) await once(child, "exit");
      expect(() => process.kill(Number(pid), 0)).not.toThrow();
      endGroup(child);
      // Its output is closed once nobody holds it any more.
      await once(child, "close");
    }
  });

  it("is not that of somebody else who was given the leader's id", async () => {
    const other = leader("exec sleep 60");
    await once(other, "spawn");
    for (const ended of [
      { exitCode: 0, signalCode: null },
      { exitCode: null, signalCode: "SIGTERM" },
    ] as const)
      endGroup({ pid: other.pid, ...ended });
    const stopped = once(other, "exit");
    other.kill("SIGTERM");
    expect(await stopped).toEqual([null, "SIGTERM"]);
  });

  it("is nothing where the leader never began", () => {
    endGroup({ pid: undefined, exitCode: null, signalCode: null });
  });
});
