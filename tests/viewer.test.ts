import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../packages/deadheat/src/findings/report.ts";
import { racePage, reportPage } from "../packages/deadheat/src/report/page/index.ts";
import { hostileReport } from "../packages/deadheat/src/testing/hostile-report.ts";
import { sampleRace, silentRace } from "../packages/deadheat/src/testing/sample-race.ts";
import { sampleReport } from "../packages/deadheat/src/testing/sample-report.ts";
import { curlOf } from "../packages/viewer/src/curl.ts";
import { browserMissing, startBrowser } from "./support/browser.ts";
import { root } from "./support/command.ts";

const folder = mkdtempSync(join(tmpdir(), "deadheat-viewer-"));
const shipped = (name: string) => readFileSync(join(root, "packages/deadheat/viewer", name), "utf8");
const paths = {
  report: () => ".deadheat/7f3a91/report.json",
  page: () => ".deadheat/7f3a91/index.html",
  finding: (_: Report, { id }: { id: string }) => `.deadheat/7f3a91/${id}.json`,
  history: () => "",
};

const fileOf = (name: string, report: Report) => written(name, reportPage(report, paths));

function written(name: string, page: string): string {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, page);
  return pathToFileURL(file).href;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the viewer's bundle", () => {
  it("is what its sources make: after a change of them, npm run viewer", () => {
    const made = join(folder, "made");
    const vite = join(root, "node_modules/vite/bin/vite.js");
    const args = ["build", join(root, "packages/viewer"), "--outDir", made, "--logLevel", "error"];
    execFileSync(process.execPath, [vite, ...args], { env: { ...process.env, NODE_ENV: "production" } });
    for (const name of ["viewer.js", "viewer.css"])
      expect(readFileSync(join(made, name), "utf8"), name).toBe(shipped(name));
  });

  it("is at most 60 KB, packed, and can stand in a page", () => {
    const size = gzipSync(shipped("viewer.js")).length + gzipSync(shipped("viewer.css")).length;
    expect(size).toBeLessThanOrEqual(60_000);
    expect(shipped("viewer.js")).not.toMatch(/<\/script|<!--|\beval\(|new Function/i);
    expect(shipped("viewer.css")).not.toMatch(/<\/style|url\(|@import/i);
  });

  it("no source of it makes markup of a text", () => {
    const sources = join(root, "packages/viewer/src");
    for (const name of readdirSync(sources, { recursive: true, encoding: "utf8" }))
      if (/\.tsx?$/.test(name))
        expect(readFileSync(join(sources, name), "utf8"), name).not.toMatch(
          /innerHTML|insertAdjacent|outerHTML/,
        );
  });
});

describe("the curl command of a request", () => {
  it.each([
    ["plain", "/points?a=1&b=2", '{"amount":3}'],
    ["hostile", "/'; touch /tmp/owned; '$(id)`id`\\", 'it\'s "$HOME" `id` $(id) \\ \n-o /etc/passwd'],
  ])("%s: the shell hands over what was sent, and a token of the user's own", (_name, path, body) => {
    const headers = { authorization: "Bearer [redacted 1f2e3d4c]", "x-note": "it's" };
    const command = curlOf("http://127.0.0.1:4010", { method: "POST", path, headers, body });
    const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
    const given = execFileSync("sh", ["-c", script], { encoding: "utf8", env: { DEADHEAT_TOKEN: "mine" } });
    expect(given.split("\0").slice(0, -1)).toEqual([
      ...["-X", "POST", `http://127.0.0.1:4010${path}`],
      ...["-H", "authorization: Bearer mine", "-H", "x-note: it's", "--data-binary", body],
    ]);
  });
});

describe.skipIf(browserMissing !== false)("the page, in Chromium", () => {
  let browser: Browser;
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** A page and all that it tried which a report must not. */
  async function opened(url: string, options: Parameters<Browser["newContext"]>[0] = {}) {
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== url) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return { page, complaints, close: () => context.close() };
  }

  /** As text: what runs in the page is of another world than the tests. */
  const openAll = async (page: Page, findings = 5) => {
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    await expect.poll(() => page.locator(".finding > .body").count()).toBe(findings);
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
  };

  /** The policy keeps scripts from the page; a debugger's come in by another way. */
  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const found = await page.evaluate<AxeResults>("axe.run()");
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join("\n")}`);
  }

  it("tells the verdict first, and everything else in its place; no violation of accessibility", async () => {
    const { page, complaints, close } = await opened(fileOf("sample", sampleReport));
    expect(await page.locator("h1").textContent()).toMatch(/^4 weaknesses are proven at 3 operations/);
    expect(await page.getByRole("img", { name: "Grade F, 11 of 100" }).count()).toBe(1);
    expect(await page.locator("h2").allTextContents()).toEqual([
      "Findings",
      "Controls",
      "Could not be judged 1",
      "Not observed 1",
      "Not applicable 1",
      "The run",
    ]);
    const weaknesses = await page.locator("h3 code").allTextContents();
    expect(weaknesses).toEqual([
      "lost-update",
      "control-mismatch",
      "lock-hold",
      "missing-transaction",
      "limit-overrun",
    ]);
    await openAll(page);
    const text = ((await page.locator("main").textContent()) ?? "").replace(/\s+/g, " ");
    for (const part of [
      "game/views.py:43",
      "held before UPDATE profiles SET score = $1 WHERE id = $2",
      "without a token",
      "another user waited",
      "Accepted until 2099-12-01: coupons end on 1 December",
      "inconclusive: the API answered 429",
      "not observed in 60 overlapped trials (< 4.9 %)",
      "left behind: 2 × POST /users",
      "POST /payments: it may move money",
    ])
      expect(text).toContain(part);
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  it.each([
    ["a phone in the dark", { colorScheme: "dark" as const, viewport: { width: 360, height: 740 } }],
    ["a small window", { viewport: { width: 640, height: 480 } }],
  ])("%s: no violation, and nothing wider than the screen", async (_name, options) => {
    const { page, close } = await opened(fileOf("sample", sampleReport), options);
    await openAll(page);
    expect(await violations(page)).toEqual([]);
    expect(
      await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth"),
    ).toBeLessThanOrEqual(0);
    await close();
  });

  it("the keys step through the order and choose calls; nothing needs a mouse", async () => {
    const { page, close } = await opened(fileOf("sample", sampleReport));
    const picture = page.getByRole("group", { name: /^Space-time diagram of POST \/profile\/score/ });
    expect(await picture.count()).toBe(1);
    const focused = () => page.evaluate<boolean>("document.activeElement.matches('.drawing')");
    for (let tabs = 0; tabs < 40 && !(await focused()); tabs++) await page.keyboard.press("Tab");
    const said = () => page.locator("figcaption .step").first().textContent();
    const call = () => page.locator(".call h5").first().textContent();
    expect(await said()).toMatch(
      /^read \(read → 8\) cannot come next: its answer is not possible in this state/,
    );
    expect(await said()).toMatch(/state: 16$/);
    expect(await page.locator(".stuck").count()).toBe(1);
    await page.keyboard.press("Home");
    expect(await said()).toMatch(/^Before the first call\s+The model’s state: 0$/);
    expect(await page.locator(".point.made, .stuck").count()).toBe(0);
    await page.keyboard.press("ArrowRight");
    expect(await said()).toMatch(/^1\. r1: add 8 → ok\s+The model’s state: 8$/);
    expect(await page.locator(".point.made").count()).toBe(1);
    expect(await call()).toBe("r1: POST /profile/score: add 8");
    await page.keyboard.press("ArrowDown");
    expect(await call()).toBe("r2: POST /profile/score: add 8");
    const panel = await page.locator(".call").first().textContent();
    expect(panel).toMatch(/authorization: Bearer \[redacted 1f2e3d4c\]/);
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    expect(await said()).toMatch(/^2\. r2/);
    await page.keyboard.press("ArrowUp");
    expect(await call()).toMatch(/^r1/);
    await close();
  });

  it("on a phone the picture scrolls to what it is about: the step, or the call that was chosen", async () => {
    const { page, close } = await opened(fileOf("sample", sampleReport), {
      viewport: { width: 360, height: 740 },
    });
    const picture = page.locator(".drawing").first();
    const isShown = async (selector: string) => {
      const view = await picture.boundingBox();
      const box = await picture.locator(selector).first().boundingBox();
      return box !== null && view !== null && box.x >= view.x && box.x < view.x + view.width;
    };
    await expect.poll(() => isShown(".stuck circle")).toBe(true);
    expect(await isShown(".lane-name")).toBe(false);
    await picture.press("ArrowUp");
    await expect.poll(() => isShown(".bar.chosen")).toBe(true);
    await picture.press("Home");
    await picture.press("ArrowRight");
    await expect.poll(() => isShown(".point.made circle")).toBe(true);
    await close();
  });

  it("what a read asked and was answered is shown as well", async () => {
    const { page, close } = await opened(fileOf("sample", sampleReport));
    const shown = await page.locator(".call").first().textContent();
    expect(shown).toMatch(/read: GET \/profile: read \/score.*GET \/profile.*"score":8.*taken as: 8/s);
    expect(await page.locator(".bar.impossible > text").first().textContent()).toBe("read /score · 200 → 8");
    await close();
  });

  it("a mouse shows a call, the axis can be ordinal, and others than the witness go away", async () => {
    const { page, close } = await opened(fileOf("sample", sampleReport));
    await page.locator(".bar rect").nth(1).hover();
    expect(await page.locator(".call h5").first().textContent()).toMatch(/^r2/);
    const left = () => page.locator(".bar rect").nth(1).getAttribute("x");
    const before = Number(await left());
    await page.getByLabel("Axis").selectOption("order");
    expect(Number(await left())).toBeGreaterThan(before * 2);
    expect(await page.locator(".bar.faded").count()).toBe(1);
    await page.getByLabel("all 4 calls").uncheck();
    expect(await page.locator(".bar.faded").count()).toBe(0);
    await page.getByRole("button", { name: "Step back" }).first().click();
    expect(await page.locator("figcaption .step").first().textContent()).toMatch(/^2\. r2/);
    await close();
  });

  it("commands are copied", async () => {
    const { page, close } = await opened(fileOf("sample", sampleReport), {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const copied = () => page.evaluate<string>("navigator.clipboard.readText()");
    await page.getByRole("button", { name: "Copy replay command" }).first().click();
    await page.getByText("copied", { exact: true }).waitFor();
    expect(await copied()).toBe("deadheat replay .deadheat/7f3a91/lost-update-post-profile-score.json");
    await page.locator(".bar rect").first().click();
    await page.getByRole("button", { name: "Copy as curl" }).first().click();
    await expect.poll(copied).toMatch(/^curl -X 'POST' 'http:\/\/127\.0\.0\.1:4010\/profile\/score'/);
    await close();
  });

  it("print shows all findings, opened", async () => {
    const { page, close } = await opened(fileOf("sample", sampleReport));
    expect(await page.locator("details.finding[open]").count()).toBe(1);
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 4).toString()).toBe("%PDF");
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await expect.poll(() => page.locator("details.finding[open]").count()).toBe(5);
    await close();
  });

  it("what a hostile API says is text: no script, no request, no dialog, no hidden character", async () => {
    const { page, complaints, close } = await opened(fileOf("hostile", hostileReport()));
    await openAll(page);
    expect(complaints).toEqual([]);
    expect(await page.locator("main img, main script, main iframe, main b").count()).toBe(0);
    // Whatever came in, it would find no way to run and none to leave.
    const blocked = await page.evaluate<string>(`(async () => {
      const script = document.createElement("script");
      script.textContent = "window.owned = true";
      document.body.append(script);
      const sent = await fetch("http://127.0.0.1:9/").then(() => "sent", (error) => error.name);
      return [String(window.owned), sent].join(" ");
    })()`);
    expect(blocked).toBe("undefined TypeError");
    expect(complaints.join(" ")).toMatch(/script-src .*connect-src|script-src .*default-src/s);
    const text = await page.locator("body").textContent();
    expect(text).toContain('</script><script>alert("1")</script><img src=x onerror=alert(2)>');
    for (const part of ["\u001b", "\u202e", "\u2066", "\u200b", "eyJhbGci", "hunter2"])
      expect(text).not.toContain(part);
    expect(await violations(page)).toEqual([]);
    await close();
  });

  it("a race of the user's own has a page: its picture, and neither grade nor matrix", async () => {
    const url = written("race", racePage(sampleRace, "deadheat replay race.json"));
    const { page, complaints, close } = await opened(url);
    expect(await page.locator("h1").textContent()).toBe(
      "A race is proven: the last one in stock; 9 of 10 further trials show it again.",
    );
    expect(await page.locator(".grade").count()).toBe(0);
    expect(await page.locator("h2").allTextContents()).toEqual(["Findings", "The run"]);
    expect(await page.locator(".stuck").count()).toBe(1);
    expect(await page.getByText("deadheat replay race.json").count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.goto(written("silent", racePage(silentRace)));
    expect(await page.locator("h1").textContent()).toMatch(
      /^Nothing was proven: .* in 60 overlapped trials, so that/,
    );
    expect(await page.locator("h2").allTextContents()).toEqual(["Findings", "Not observed 1", "The run"]);
    expect(await page.locator("main").textContent()).toMatch(/\(< 4\.9 %\).*HTTP\/2 was not spoken/s);
    expect(complaints.filter((one) => !one.endsWith("silent.html"))).toEqual([]);
    await close();
  });

  it("a report in which nothing was proven says so, and not that all is well", async () => {
    const bare: Report = {
      ...sampleReport,
      findings: [],
      outcomes: [],
      controls: [],
      grade: null,
      score: null,
    };
    const { page, close } = await opened(fileOf("bare", bare));
    expect(await page.locator("h1").textContent()).toBe("Nothing was proven.");
    expect(await page.getByRole("img", { name: "No grade" }).count()).toBe(1);
    expect(await page.locator("main").textContent()).not.toMatch(/\bsafe\b(?!\.)|secure/i);
    expect(await violations(page)).toEqual([]);
    await close();
  });
});
