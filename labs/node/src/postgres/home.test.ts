import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../testing/traces.ts";
import { sweep } from "./home.ts";

/** The id of a process that has just ended. */
const DEAD = spawnSync(process.execPath, ["-e", ""]).pid;

describe("sweep", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const home = (name: string, owner?: object) => {
    mkdirSync(join(folder, name, "data"), { recursive: true });
    if (owner) writeFileSync(join(folder, name, "owner.json"), JSON.stringify(owner));
  };

  it("removes what dead owners left, and nothing else", async () => {
    home("deadheat-pg-dead", { host: hostname(), pids: [DEAD, DEAD] });
    home("deadheat-pg-half-dead", { host: hostname(), pids: [DEAD, process.pid] });
    home("deadheat-pg-elsewhere", { host: `not-${hostname()}`, pids: [DEAD] });
    home("deadheat-pg-young");
    home("deadheat-pg-old");
    const twoHoursAgo = Date.now() / 1000 - 7200;
    utimesSync(join(folder, "deadheat-pg-old"), twoHoursAgo, twoHoursAgo);
    home("somebody-else", { host: hostname(), pids: [DEAD] });
    await sweep(folder);
    expect(readdirSync(folder).sort()).toEqual([
      "deadheat-pg-elsewhere",
      "deadheat-pg-half-dead",
      "deadheat-pg-young",
      "somebody-else",
    ]);
  });

  it("counts an owner that nobody has reaped as dead", async (context) => {
    if (process.platform !== "linux") context.skip("told from /proc");
    // The shell becomes a sleep, which never asks how the child that it inherits has ended. The child outlives
    // the shell: one that ended before would be asked about by it.
    const careless = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [output] = await once(careless.stdout, "data");
    const zombie = Number(output);
    home("deadheat-pg-zombie", { host: hostname(), pids: [zombie] });
    await eventually(
      async () => {
        await sweep(folder);
        return readdirSync(folder);
      },
      (left) => left.length === 0,
    );
    expect(() => process.kill(zombie, 0)).not.toThrow();
    careless.kill();
  });

  it("kills no process that does not run on the directory, whatever the directory says", async () => {
    home("deadheat-pg-dead", { host: hostname(), pids: [DEAD] });
    writeFileSync(join(folder, "deadheat-pg-dead", "data", "postmaster.pid"), `${process.pid}\n`);
    await sweep(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves alone what belongs to another user", async (context) => {
    if (process.getuid?.() !== 0) context.skip("only root can make another user's directory");
    home("deadheat-pg-foreign", { host: hostname(), pids: [DEAD] });
    spawnSync("chown", ["65534", join(folder, "deadheat-pg-foreign")]);
    await sweep(folder);
    expect(readdirSync(folder)).toEqual(["deadheat-pg-foreign"]);
  });
});
