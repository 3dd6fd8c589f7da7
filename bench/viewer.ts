import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import type { RuntimeEvidence } from "../packages/deadheat/src/findings/evidence.ts";
import type { Report } from "../packages/deadheat/src/findings/report.ts";
import { reportPage } from "../packages/deadheat/src/report/page/index.ts";
import { sampleReport } from "../packages/deadheat/src/testing/sample-report.ts";
import { startBrowser } from "../tests/support/browser.ts";

/**
 * How long a page of 1,000 findings takes to open, each a history of 200 calls, and whether it answers then: a finding
 * in the middle is opened, its order stepped through. Beside it, as the least that it could take, a page that holds the
 * same report as one block and parses it, showing nothing.
 */
const FINDINGS = 1000;
const CALLS = 200;
const RUNS = 5;
/** In the page: the time by its own clock, which begins with the navigation, after the next picture. */
const PAINTED =
  "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))";

const folder = mkdtempSync(join(tmpdir(), "deadheat-bench-viewer-"));
const paths = { report: () => "", page: () => "", finding: () => "witness.json", history: () => "" };
const report = bigReport();
const page = fileOf("page", reportPage(report, paths));
const bare = fileOf("bare", barePage(report));
const browser = await startBrowser();

try {
  console.log(
    `${FINDINGS} findings, each of a history of ${CALLS} calls; median of ${RUNS} (least, most), ms`,
  );
  console.log(`${cpus()[0]?.model ?? "?"}, ${cpus().length} processors; Chromium ${browser.version()}\n`);
  const opened = await repeated(() => opening(browser, page.url, ".finding"));
  const parsed = await repeated(() => opening(browser, bare.url, "#parsed"));
  const answers = await repeated(() => answering(browser, page.url));
  const rows: [string, number[]][] = [
    [`the page, ${page.megabytes} MB: opened, all findings listed`, opened],
    [`the same report parsed by a page that shows nothing, ${bare.megabytes} MB`, parsed],
    ["a finding in the middle opened: its diagram drawn", answers.map((one) => one.open)],
    ["one step of its order by the keyboard", answers.map((one) => one.step)],
    ["all 200 calls drawn in place of its witness", answers.map((one) => one.all)],
  ];
  for (const [name, values] of rows) console.log(`${name.padEnd(70)} ${shown(values)}`);
  console.log(`\nopening beside parsing alone: × ${(median(opened) / median(parsed)).toFixed(2)}`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

function bigReport(): Report {
  const first = sampleReport.findings[0]!;
  const runtime = first.evidence.find((one) => one.kind === "runtime") as RuntimeEvidence;
  const call = runtime.history[0]!;
  const weaknesses = ["lost-update", "limit-overrun", "revocation-race", "single-use-code", "write-skew"];
  const findings = Array.from({ length: FINDINGS }, (_, number) => {
    const history = Array.from({ length: CALLS - 1 }, (__, at) => ({
      ...call,
      id: `r${at + 1}`,
      process: `c${at + 1}`,
      invoke: -2 + at * 0.01,
      return: 20 + ((at * 7919) % 1000) / 50,
    }));
    const read = { ...runtime.history.at(-1)!, invoke: 41, return: 44 };
    const weakness = weaknesses[number % weaknesses.length]!;
    const evidence = { ...runtime, history: [...history, read] };
    return {
      ...first,
      weakness,
      id: `${weakness}-${number}`,
      operation: { method: "POST", path: `/objects/{id}/acts/${number}` },
      evidence: [evidence],
    };
  });
  return { ...sampleReport, findings };
}

function barePage(whole: Report): string {
  const json = JSON.stringify(whole).replaceAll("<", "\\u003c");
  const script = `const report = JSON.parse(document.getElementById("report").textContent);
    document.body.append(Object.assign(document.createElement("p"), { id: "parsed", textContent: report.findings.length }));`;
  return `<!doctype html><title>bare</title><body><script type="application/json" id="report">${json}</script><script>${script}</script>`;
}

function fileOf(name: string, text: string) {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, text);
  return { url: pathToFileURL(file).href, megabytes: Math.round(statSync(file).size / 1e6) };
}

async function repeated<T>(run: () => Promise<T>): Promise<T[]> {
  // The first one fills caches, of the file as well.
  await run();
  const results: T[] = [];
  for (let at = 0; at < RUNS; at++) results.push(await run());
  return results;
}

/** From the request until what is looked for has been painted. */
async function opening(chromium: Browser, url: string, selector: string): Promise<number> {
  const opened = await chromium.newPage({ viewport: { width: 1100, height: 900 } });
  try {
    await opened.goto(url, { waitUntil: "commit" });
    await opened.locator(selector).first().waitFor({ state: "attached", timeout: 60_000 });
    return await opened.evaluate<number>(PAINTED);
  } finally {
    await opened.close();
  }
}

/** Each measured in the page: from the event until the picture after it. */
async function answering(chromium: Browser, url: string) {
  const opened = await chromium.newPage({ viewport: { width: 1100, height: 900 } });
  try {
    await opened.goto(url);
    const timed = (act: string) =>
      opened.evaluate<number>(
        `(async () => { const from = performance.now(); ${act}; return (await ${PAINTED}) - from; })()`,
      );
    const middle = `document.querySelectorAll(".finding")[${FINDINGS / 2}]`;
    await opened.evaluate(`${middle}.scrollIntoView()`);
    const open = await timed(`${middle}.open = true`);
    const key = 'new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true })';
    await opened.waitForFunction(`${middle}.querySelector(".drawing")`);
    const step = await timed(`${middle}.querySelector(".drawing").dispatchEvent(${key})`);
    const all = await timed(`${middle}.querySelector("input[type=checkbox]").click()`);
    return { open, step, all };
  } finally {
    await opened.close();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function shown(values: readonly number[]): string {
  const round = (value: number) => String(Math.round(value));
  return `${round(median(values)).padStart(6)} (${round(Math.min(...values))}, ${round(Math.max(...values))})`;
}
