import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleReport } from "../packages/deadheat/src/testing/sample-report.ts";
import { root, run } from "./support/command.ts";
import { linesOf, misfits } from "./support/schema.ts";

const folder = mkdtempSync(join(tmpdir(), "deadheat-reports-"));
const lab = join(root, "labs", "node", "openapi.yaml");
/** Answers 401 to everything: an API that knows no token. */
const refusing = createServer((_request, answer) => answer.writeHead(401).end());
let target: readonly string[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
  target = ["scan", lab, "--target", url, "--output", join(folder, "out")];
});

afterAll(() => {
  refusing.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const written = (name: string, content: unknown) => {
  writeFileSync(at(name), JSON.stringify(content));
  return at(name);
};

describe("formats", () => {
  it("json has standard output for itself; others go to their files", async () => {
    const files = `sarif=${at("a/out.sarif")},junit=${at("junit.xml")}`;
    const { code, stdout, stderr } = await run([
      ...[...target, "--format", `json,${files}`],
      ...["--format", `markdown=${at("comment.md")}`, "--format", `ndjson=${at("events.ndjson")}`],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "deadheat/scan/1", grade: null });
    expect(stderr).toBe("");
    expect(JSON.parse(readFileSync(at("a/out.sarif"), "utf8")).version).toBe("2.1.0");
    expect(readFileSync(at("junit.xml"), "utf8")).toMatch(/^<\?xml/);
    expect(readFileSync(at("comment.md"), "utf8")).toMatch(/Nothing was proven\. \d+ could not be judged/);
    const events = linesOf(at("events.ndjson"));
    expect(events.at(-1)).toMatchObject({ type: "ended" });
    expect(events.flatMap((one) => misfits("event", one))).toEqual([]);
    expect(code).toBe(3);
  });

  it("without one for standard output the console has it, and lines of results can be found with grep", async () => {
    const { stdout } = await run([...target, "--format", `json=${at("report.json")}`]);
    expect(stdout).toMatch(/^deadheat \d/);
    expect(stdout).toMatch(/^\? lost-update +POST \/racy\/profile\/score +inconclusive$/m);
    expect(stdout).toMatch(/^grade {3}no grade: nothing could be judged$/m);
    expect(stdout).not.toContain("\u001b");
    expect(JSON.parse(readFileSync(at("report.json"), "utf8")).seed).toMatch(/^\w+$/);
  });

  it("whatever is wrong with what was given is said before anything is sent", async () => {
    const none = ["scan", lab, "--target", "http://127.0.0.1:9", "--baseline"];
    const { code, stdout, stderr } = await run([...none, written("sample.json", sampleReport)]);
    expect(stderr).toMatch(/not a baseline/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

describe("what is lived with", () => {
  it("compare and baseline", async () => {
    const before = written("before.json", sampleReport);
    const after = written("after.json", { ...sampleReport, findings: sampleReport.findings.slice(1) });
    const compared = await run(["compare", before, after]);
    expect(compared.stdout).toMatch(/^\? lost-update .*not judged again \(proven\)$/m);
    expect(compared.stdout).toMatch(/0 fixed, 0 new, 4 still racing, 1 not judged again$/m);
    expect(compared.code).toBe(0);
    expect((await run(["compare", after, before])).code).toBe(1);

    const file = at("baseline.json");
    const accept = ["baseline", before, "--reason", "known", "--expires", "2099-01-01", "--output", file];
    expect((await run([...accept, "--only", "lost-update-post-profile-score"])).stdout).toMatch(
      /^1 added, 1 in /,
    );
    expect((await run(accept)).stdout).toMatch(/^4 added, 5 in /);
    const wrong = await run([...accept.slice(0, 4), "--expires", "soon", "--output", at("none.json")]);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/Give --reason/) });
    const refused = async (reason: string, expires: string) =>
      run(["baseline", before, "--reason", reason, "--expires", expires, "--output", at("none.json")]);
    expect((await refused(" ", "2099-01-01")).stderr).toMatch(/a reason is missing/);
    expect((await refused("known", "2099-02-30")).stderr).toMatch(/not a day of the calendar/);
    expect(await refused("known", "2020-01-01")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/2020-01-01: that day is over/),
    });
    expect(existsSync(at("none.json"))).toBe(false);
  });
});
