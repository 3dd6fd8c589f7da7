import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { client } from "./testing/client.ts";
import { OWN_SERVER, postgresForTests } from "./testing/postgres.ts";
import { type Program, runLab } from "./testing/program.ts";
import { eventually, type Traces, traces } from "./testing/traces.ts";

const shared = await postgresForTests(OWN_SERVER);
afterAll(() => shared?.stop());
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const nothing = (left: string[]) => left.length === 0;

describe("deadheat-lab, told wrongly", () => {
  it("says how it is used", async () => {
    const lab = runLab(["--port", "many"]);
    expect((await lab.exit).code).toBe(2);
    expect(lab.said()).toContain("usage: deadheat-lab");
    expect(lab.said()).not.toMatch(/^\s+at /m);
  });

  it("says that the port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const lab = runLab(["--port", String(port)]);
    expect((await lab.exit).code).toBe(2);
    expect(lab.said()).toContain(`port ${port} of 127.0.0.1 is in use`);
    expect(lab.said().split("\n")).toHaveLength(2);
    other.close();
  });
});

describe.skipIf(!shared)("deadheat-lab", () => {
  let trace: Traces;
  beforeEach(() => {
    trace = traces();
  });
  afterEach(() => trace.remove());
  const start = (args: string[] = [], options: object = {}): Program =>
    runLab(args, { cwd: ROOT, env: { ...trace.env, DATABASE_URL: "" }, ...options });

  it("says where it listens, in words", async () => {
    const lab = start();
    const [, url] = /(http:\/\/127\.0\.0\.1:\d+) · PostgreSQL \d+/.exec(await lab.line())!;
    await lab.line();
    expect(await lab.line()).toContain(`npx deadheat scan labs/node/openapi.yaml --target ${url}`);
    lab.child.kill("SIGTERM");
    expect((await lab.exit).code).toBe(143);
    expect(trace.left()).toEqual([]);
  });

  it("says what was added to it, and what was broken", async () => {
    const lab = start(["--suite", "tokens", "--broken", "commit-early"]);
    expect(await lab.line()).toContain("guarded half broken: commit-early");
    await lab.line();
    expect(await lab.line()).toContain("scan labs/node/openapi.yaml");
    expect(await lab.line()).toContain("scan labs/node/openapi-tokens.yaml");
    lab.child.kill("SIGTERM");
    expect((await lab.exit).code).toBe(143);
    expect(trace.left()).toEqual([]);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)("ends on %s in the middle of a burst with %i, and leaves nothing", async (signal, code) => {
    const lab = start(["--json", "--think", "2000"]);
    const { call, login } = client(`${JSON.parse(await lab.line()).url}/guarded`);
    const token = await login();
    const burst = Array.from({ length: 10 }, () => call("POST", "/profile/score", { score: 1 }, token));
    await new Promise((resolve) => setTimeout(resolve, 100));
    lab.child.kill(signal);
    await Promise.allSettled(burst);
    expect(await lab.exit).toEqual({ code, signal: null });
    expect(trace.left()).toEqual([]);
    expect(lab.said()).not.toContain(token);
  });

  it("ends on a Ctrl-C to its whole process group", async () => {
    const lab = start(["--json"], { detached: true });
    await lab.line();
    process.kill(-lab.pid, "SIGINT");
    expect((await lab.exit).code).toBe(130);
    expect(trace.left()).toEqual([]);
  });

  it("ends on a signal while it starts", async () => {
    const lab = start(["--json"]);
    await eventually(trace.left, (left) => left.some((one) => one.startsWith("deadheat-pg-")));
    lab.child.kill("SIGTERM");
    expect((await lab.exit).code).toBe(143);
    expect(trace.left()).toEqual([]);
  });

  it("killed with SIGKILL, it leaves nothing", async () => {
    const lab = start(["--json"]);
    await lab.line();
    lab.child.kill("SIGKILL");
    await eventually(trace.left, nothing);
  });

  it("ends with the owner of its standard input", async () => {
    const lab = start(["--json", "--owner-pipe"]);
    await lab.line();
    lab.child.stdin!.end();
    expect(await lab.exit).toEqual({ code: 0, signal: null });
    expect(trace.left()).toEqual([]);
  });

  it("without being asked to, it does not care about its standard input", async () => {
    const lab = start(["--json"], { stdio: ["ignore", "pipe", "pipe"] });
    const { url } = JSON.parse(await lab.line());
    expect((await fetch(`${url}/racy/profile`)).status).toBe(401);
    lab.child.kill("SIGTERM");
    await lab.exit;
  });
});
