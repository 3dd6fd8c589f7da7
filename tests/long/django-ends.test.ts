import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { send } from "../../labs/django/src/client/http.ts";
import { startDjangoLab } from "../../labs/django/src/index.ts";
import type { Report } from "../../packages/deadheat/src/index.ts";
import { root, start } from "../support/command.ts";
import { djangoLabForTests } from "../support/django.ts";

const PROGRAM = join(root, "labs", "django", "bin", "deadheat-lab-django.js");
const probe = await djangoLabForTests();
await probe?.stop();

describe.skipIf(!probe)("the Django lab whose owner or whose parts end", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-test-"));
    // The account of PostgreSQL and of nginx's worker has to get through.
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The loader that runs sources as they are keeps a cache there, too. */
  const files = () => readdirSync(folder).filter((name) => name.startsWith("deadheat-"));
  /** Files and processes of the lab's; whatever it starts inherits the folder for temporary files. */
  const left = () => [
    ...files(),
    ...readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && belongs(pid, folder)),
  ];
  const killPostgres = () => {
    const home = readdirSync(folder).find((name) => name.startsWith("deadheat-pg-"))!;
    const pid = Number(readFileSync(join(folder, home, "data", "postmaster.pid"), "utf8").split("\n")[0]);
    // 0 is our own group.
    if (!(pid > 1)) throw new Error(`${pid} is no process of PostgreSQL's`);
    process.kill(pid, "SIGKILL");
  };
  const nothingLeft = () => eventually(left, (seen) => seen.length === 0);

  async function program(...args: string[]) {
    const child = spawn(process.execPath, [PROGRAM, "--json", "--owner-pipe", ...args], {
      env: { ...process.env, TMPDIR: folder, DATABASE_URL: "" },
      stdio: "pipe",
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const exit = once(child, "close").then(([code, signal]) => ({ code, signal, stderr }));
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return { child, exit, said: JSON.parse(line) };
  }

  it.each([
    ["http1", "http"],
    ["h2", "https"],
  ])("its pipe closed: nginx (%s), gunicorn, PostgreSQL and all files are gone", async (front, protocol) => {
    const { child, exit, said } = await program("--front", front);
    expect(said.url).toMatch(new RegExp(`^${protocol}://127`));
    expect(left().length).toBeGreaterThan(5);
    child.stdin.end();
    expect((await exit).code).toBe(0);
    await nothingLeft();
  });

  it("killed with SIGKILL: no process is left, and the next one sweeps its files", async () => {
    const { child, exit } = await program("--front", "http1");
    child.kill("SIGKILL");
    await exit;
    await eventually(left, (seen) => seen.every((one) => one.startsWith("deadheat-django-")));
    const next = await program("--database", "sqlite");
    expect(files()).toHaveLength(1);
    next.child.stdin.end();
    await next.exit;
    await nothingLeft();
  });

  it("its owner killed with SIGKILL: nothing is left", async () => {
    const script = `
      const { load } = await import(${JSON.stringify(join(root, "labs", "django", "bin", "load.js"))});
      const { startDjangoLab } = await load("index");
      console.log((await startDjangoLab()).url);
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, TMPDIR: folder, DATABASE_URL: "" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(createInterface({ input: owner.stdout }), "line");
    expect(left().length).toBeGreaterThan(5);
    owner.kill("SIGKILL");
    await nothingLeft();
  });

  it.each([100, 700, 1500, 2500])("called off %i ms after its start", async (delay) => {
    const child = spawn(process.execPath, [PROGRAM, "--json", "--owner-pipe"], {
      env: { ...process.env, TMPDIR: folder, DATABASE_URL: "" },
      stdio: "pipe",
    });
    const exit = once(child, "close");
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.stdin.end();
    await exit;
    await nothingLeft();
  });

  it("PostgreSQL killed: it says so, and cleans up", async () => {
    const { exit } = await program();
    killPostgres();
    expect(await exit).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the database server ended unexpectedly"),
    });
    await nothingLeft();
  });

  it("PostgreSQL killed in the middle of a scan: the scan says what happened, and nothing is left", async () => {
    const { exit, said } = await program();
    const document = join(folder, "right.json");
    const { paths, ...rest } = parse(readFileSync(said.documents.bearer, "utf8"));
    const right = Object.entries(paths).filter(([path]) => path.startsWith("/bearer/right/"));
    writeFileSync(document, JSON.stringify({ ...rest, paths: Object.fromEntries(right) }));
    const output = mkdtempSync(join(tmpdir(), "scan-test-"));
    const args = ["scan", document, "--target", said.url, "--format", "json", "--output", output];
    const scan = start(args, { env: { TMPDIR: folder } });
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    killPostgres();
    expect(await exit).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the database server ended unexpectedly"),
    });
    const { code, stdout, stderr } = await scan.finished;
    rmSync(output, { recursive: true, force: true });
    expect(stderr).toBe("");
    const report = JSON.parse(stdout) as Report;
    expect(report.findings).toEqual([]);
    expect(code).toBe(3);
    const unjudged = report.outcomes.filter(({ status }) => status === "inconclusive");
    expect(unjudged.length).toBeGreaterThan(10);
    // Each says what it met; and once it is clear that the API is in trouble, nothing more is asked of it.
    for (const { reason } of unjudged)
      expect(reason).toMatch(/answered 50\d|be sent together|be held|ECONNREFUSED|^stopped: 20 of the last/);
    await nothingLeft();
  }, 120_000);

  it("works over uvicorn, and on SQLite", async () => {
    for (const options of [{ server: "uvicorn" }, { database: "sqlite" }] as const) {
      const lab = await startDjangoLab(options);
      expect((await send(lab.url, { method: "GET", path: "/bearer/racy/profile/" })).status).toBe(401);
      await lab.stop();
    }
  });
});

function belongs(pid: string, directory: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`).startsWith(directory) ||
      readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(directory) ||
      readFileSync(`/proc/${pid}/environ`, "utf8").includes(directory)
    );
  } catch {
    return false;
  }
}

async function eventually<T>(look: () => T, holds: (seen: T) => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds(look())) {
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(look())}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
