import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DeadheatError, type ScanEvent, scan } from "../packages/deadheat/src/index.ts";
import { run } from "./support/command.ts";
import { sleep } from "./targets/api.ts";
import { configured } from "./targets/configured.ts";
import { type NotesTarget, notesTarget } from "./targets/notes.ts";
import { lines, optionsFor, scanned } from "./targets/scanned.ts";

const PROVEN = "lost-update POST /notes/{id}/likes: proven";

describe("what a scan made is taken away again", () => {
  it("objects and users, and nothing else", async () => {
    const target = await notesTarget();
    const { report } = await scanned(target);
    await target.stop();
    expect(lines(report)).toContain(PROVEN);
    expect(target.left()).toEqual(["of-somebody-else"]);
    expect([...target.accounts.byName.keys()]).toEqual([]);
    expect(report.cleanup.left).toEqual([]);
    expect(report.cleanup.removed).toBeGreaterThan(20);
  });

  it("users of a recipe, where the document shows how", async () => {
    const target = await notesTarget();
    const user = `json: { username: "\${unique}", password: "\${password}" }`;
    const { report, outcomes } = await configured(
      target,
      `principals:
  visitor:
    register: { request: POST /join, ${user} }
    login: { request: POST /enter, ${user}, token: $.token }`,
      { trials: 2 },
    );
    await target.stop();
    expect(outcomes.join()).toMatch(/likes: (proven|not-observed)/);
    expect([...target.accounts.byName.keys()]).toEqual([]);
    expect(report.cleanup.left).toEqual([]);
  });

  it("what cannot be removed is listed, in the report and on the screen", async () => {
    const target = await notesTarget({
      members: false,
      removal: (path) => (/[37]$/.test(path) ? { status: 409, body: {} } : undefined),
    });
    const folder = mkdtempSync(join(tmpdir(), "deadheat-cleanup-"));
    const args = ["scan", target.document, "--target", target.url, "--trials", "2", "--output", folder];
    const { stdout } = await run(args);
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
    const left = target.left().filter((name) => name !== "of-somebody-else");
    expect(left.length).toBeGreaterThan(1);
    expect(left.every((name) => /[37]$/.test(name))).toBe(true);
    expect(stdout).toMatch(new RegExp(`${left.length} × POST /notes.*DELETE answered 409`));
    expect(stdout).toMatch(/\d+ × POST \/join.*no operation that removes it/);
  });
});

describe("an interrupted scan", () => {
  /** Interrupts in the middle of the trials; returns what it said on the way out and how long that took. */
  async function interrupted(target: NotesTarget) {
    const controller = new AbortController();
    const events: ScanEvent[] = [];
    let at = 0;
    const stream = scan(optionsFor(target, { signal: controller.signal, trials: 60 }));
    const failed = (async () => {
      for await (const event of stream) {
        events.push(event);
        if (event.type !== "trial" || at > 0) continue;
        at = performance.now();
        controller.abort(new DeadheatError("interrupted", "interrupted", ""));
      }
    })();
    const error = await failed.catch((one) => one);
    const ms = performance.now() - at;
    const cleanup = events.flatMap((one) => (one.type === "cleanup" ? [one.cleanup] : []))[0];
    return { error, ms, cleanup };
  }

  it("takes away what it made, at once", async () => {
    const target = await notesTarget();
    const { error, cleanup } = await interrupted(target);
    await target.stop();
    expect(error.name).toMatch(/AbortError|DeadheatError/);
    expect(target.left()).toEqual(["of-somebody-else"]);
    expect(cleanup?.left).toEqual([]);
  });

  it.each([
    ["slow", () => sleep(12_000).then(() => undefined)],
    ["hanging", () => new Promise<undefined>(() => {})],
  ] as const)("does not wait for removals that are %s", async (_name, removal) => {
    const target = await notesTarget({ removal });
    const { error, ms, cleanup } = await interrupted(target);
    await target.stop();
    expect(error.name).toMatch(/AbortError|DeadheatError/);
    expect(ms).toBeGreaterThan(1500);
    // Less than one of them takes.
    expect(ms).toBeLessThan(10_000);
    expect(cleanup?.left).toContainEqual(
      expect.objectContaining({ by: "POST /notes", reason: expect.stringMatching(/no time left/) }),
    );
  });
});
