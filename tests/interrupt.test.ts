import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../packages/deadheat/src/random.ts";
import { type Running, root, start } from "./support/command.ts";
import { postgresMissing } from "./support/postgres.ts";
import { eventually, processesMarked } from "./support/processes.ts";

const document = join(root, "labs", "node", "openapi.yaml");
const signals = ["SIGINT", "SIGTERM", "SIGKILL"] as const;
const random = seededRandom(20261124);

/** Everything that a run starts carries its mark, and its temporary files are in a folder of its own. */
function isolated() {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-kill-"));
  // The database server runs as another user where the test runs as root.
  chmodSync(folder, 0o755);
  const mark = `deadheat-test-${randomUUID()}`;
  return { folder, mark, env: { TMPDIR: folder, DEADHEAT_TEST_MARK: mark } };
}

async function nothingLeft({ folder, mark }: ReturnType<typeof isolated>): Promise<void> {
  await eventually(
    () => processesMarked(mark),
    (pids) => pids.length === 0,
  );
  // tsx keeps a cache of compiled sources there; it is no server's.
  const left = () => readdirSync(folder).filter((name) => !name.startsWith("tsx-"));
  await eventually(left, (names) => names.length === 0);
  rmSync(folder, { recursive: true, force: true });
}

describe.skipIf(postgresMissing !== false)("killed at random moments", () => {
  let lab: Running;
  let url = "";
  const home = isolated();

  beforeAll(async () => {
    lab = start(["lab"], { env: home.env });
    url = (await lab.said(/http:\/\/127\.0\.0\.1:\d+/))[0];
  });

  afterAll(async () => {
    lab.child.kill("SIGINT");
    await lab.finished;
    await nothingLeft(home);
  });

  it("ten scans leave nothing behind, and the lab and its data are intact", async () => {
    const token = await newToken(url);
    await addScore(url, token, 7);
    for (let index = 0; index < 10; index++) {
      const run = isolated();
      const args = ["scan", document, "--target", url, "--output", join(run.folder, "tsx-reports")];
      const scan = start(args, { env: run.env });
      const signal = signals[index % signals.length] as NodeJS.Signals;
      await new Promise((resolve) => setTimeout(resolve, 600 + random.next() * 5000));
      scan.child.kill(signal);
      const { code, stderr } = await scan.finished;
      if (signal !== "SIGKILL") {
        expect(code, stderr).toBe(130);
        expect(stderr).not.toMatch(/^\s+at /m);
      }
      await nothingLeft(run);
    }
    expect(await score(url, token)).toBe(7);
    await addScore(url, token, 5);
    expect(await score(url, token)).toBe(12);
  }, 240_000);

  it("a scan that is still loading when it is interrupted exits 130, too", async () => {
    for (const wait of [250, 350, 450]) {
      const run = isolated();
      const scan = start(["scan", document, "--target", url], { env: run.env });
      await new Promise((resolve) => setTimeout(resolve, wait));
      scan.child.kill("SIGINT");
      const { code, signal, stderr } = await scan.finished;
      // Before Node itself is up the signal ends it, which a shell reports as 130 as well.
      expect(signal === "SIGINT" ? 130 : code, stderr).toBe(130);
      await nothingLeft(run);
    }
  });

  it("demos leave no process, no database and no port behind", async () => {
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const run = isolated();
      const demo = start(["demo", "--output", join(run.folder, "tsx-reports")], { env: run.env });
      const wait = 1000 + random.next() * 8000;
      await Promise.race([demo.finished, new Promise((resolve) => setTimeout(resolve, wait))]);
      const port = processesMarked(run.mark).length > 0 ? portIn(await soFar(demo)) : undefined;
      demo.child.kill(signal);
      await demo.finished;
      await nothingLeft(run);
      if (port !== undefined) expect(await isOpen(port)).toBe(false);
    }
  }, 240_000);
});

async function soFar(running: Running): Promise<string> {
  return Promise.race([
    running.said(/lab ready at \S+/).then((match) => match[0]),
    new Promise<string>((resolve) => setTimeout(() => resolve(""), 50)),
  ]);
}

function portIn(text: string): number | undefined {
  const match = text.match(/:(\d+)$/);
  return match ? Number(match[1]) : undefined;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function newToken(url: string): Promise<string> {
  const credentials = JSON.stringify({ username: `killed${Date.now()}`, password: "correct-horse-9" });
  const headers = { "content-type": "application/json" };
  await fetch(`${url}/racy/users`, { method: "POST", headers, body: credentials });
  const answer = await fetch(`${url}/racy/sessions`, { method: "POST", headers, body: credentials });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function addScore(url: string, token: string, amount: number): Promise<void> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const body = JSON.stringify({ score: amount });
  const answer = await fetch(`${url}/racy/profile/score`, { method: "POST", headers, body });
  expect(answer.status).toBe(200);
}

async function score(url: string, token: string): Promise<number> {
  const answer = await fetch(`${url}/racy/profile`, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { score: number }).score;
}
