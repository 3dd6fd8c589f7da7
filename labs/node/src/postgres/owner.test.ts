import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { OWN_SERVER, postgresForTests } from "../testing/postgres.ts";
import { type Program, runOwner } from "../testing/program.ts";
import { eventually, type Traces, traces } from "../testing/traces.ts";
import { unprivilegedAccount } from "./account.ts";

const shared = await postgresForTests(OWN_SERVER);
afterAll(() => shared?.stop());
const nothing = (left: string[]) => left.length === 0;

/** Only a server of our own leaves processes and directories; DATABASE_URL is tested by its own. */
const OWN = { DATABASE_URL: "" };

describe.skipIf(!shared)("a server whose owner ends", () => {
  let trace: Traces;
  beforeEach(() => {
    trace = traces();
  });
  afterEach(() => trace.remove());

  const start = (then: "wait" | "return", options: object = {}): Program =>
    runOwner(then, { env: { ...trace.env, ...OWN }, ...options });

  /** The processes that answer for the server: the supervisor, then its owner. */
  const owners = (): number[] => {
    const home = readdirSync(trace.directory).find((name) => name.startsWith("deadheat-pg-"))!;
    return JSON.parse(readFileSync(join(trace.directory, home, "owner.json"), "utf8")).pids;
  };

  it("killed with SIGKILL: no process and no directory is left", async () => {
    const owner = start("wait");
    await owner.line();
    expect(trace.left().length).toBeGreaterThan(1);
    owner.child.kill("SIGKILL");
    await eventually(trace.left, nothing);
  });

  it.each([50, 300, 550, 800, 1050, 1300, 2000])("killed %i ms after its start", async (delay) => {
    const owner = start("wait");
    await new Promise((resolve) => setTimeout(resolve, delay));
    owner.child.kill("SIGKILL");
    await owner.exit;
    await eventually(trace.left, nothing);
  });

  it("interrupted together with its process group, as by Ctrl-C", async () => {
    const owner = start("wait", { detached: true });
    await owner.line();
    process.kill(-owner.pid, "SIGINT");
    await eventually(trace.left, nothing);
  });

  it("by returning, without having stopped it: it does end, and nothing is left", async () => {
    const owner = start("return");
    expect(await owner.exit).toEqual({ code: 0, signal: null });
    await eventually(trace.left, nothing);
  });

  it("a killed supervisor is made up for by its owner", async () => {
    const owner = start("wait");
    await owner.line();
    const [supervisor, parent] = owners();
    expect(parent).toBe(owner.pid);
    process.kill(supervisor!, "SIGKILL");
    await eventually(
      () => readdirSync(trace.directory).filter((name) => name.startsWith("deadheat-pg-")),
      nothing,
    );
    owner.child.kill("SIGKILL");
    await eventually(trace.left, nothing);
  });

  it("both killed: the next start sweeps", async () => {
    const owner = start("wait");
    await owner.line();
    const [supervisor] = owners();
    process.kill(owner.pid, "SIGSTOP");
    process.kill(supervisor!, "SIGKILL");
    process.kill(owner.pid, "SIGKILL");
    await owner.exit;
    expect(trace.left().length).toBeGreaterThan(1);
    const next = start("return");
    expect((await next.exit).code).toBe(0);
    await eventually(trace.left, nothing);
  });

  it("keeps its data from other users", async () => {
    const owner = start("wait");
    await owner.line();
    const home = join(
      trace.directory,
      readdirSync(trace.directory).find((n) => n.startsWith("deadheat-pg-"))!,
    );
    expect(statSync(join(home, "data")).mode & 0o077).toBe(0);
    expect(statSync(home).mode & 0o022).toBe(0);
    owner.child.kill("SIGKILL");
    await eventually(trace.left, nothing);
  });

  it.runIf(process.getuid?.() === 0)("works for an ordinary user too", async () => {
    const account = await unprivilegedAccount();
    const owner = start("return", {
      ...account,
      env: { PATH: process.env.PATH, TMPDIR: "/tmp", HOME: "/nonexistent" },
    });
    const line = await owner.line().catch((error: Error) => {
      // A checkout below /root is closed to everybody else.
      if (/EACCES|Cannot find (module|package)/.test(error.message)) return undefined;
      throw error;
    });
    if (line === undefined) return console.warn("SKIPPED: the checkout is not readable for an ordinary user");
    expect(JSON.parse(line)).toMatchObject({ source: expect.any(String) });
    expect((await owner.exit).code).toBe(0);
  });
});
