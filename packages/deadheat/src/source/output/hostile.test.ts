import { expect, it } from "vitest";
import { HOSTILE, hostile } from "../../testing/hostile-report.ts";
import type { CheckReport } from "../finding.ts";
import { checkAsText } from "./console.ts";
import { checkAsJson } from "./json.ts";
import { checkAsSarif } from "./sarif.ts";

const place = { file: "a.py", line: 1, function: "f" };
const report: CheckReport = {
  schema: "deadheat/check/1",
  tool: { name: "deadheat", version: "0.1.0" },
  findings: [
    {
      ...{ ...place, rule: "python-counter", weakness: "lost-update", severity: "high", confidence: "high" },
      ...{ endLine: 2, fixable: true, title: "t", message: "m", because: "b", fix: "f", fingerprint: "0" },
      path: [{ ...place, role: "read", text: "x = 1", note: "n" }],
      interleaving: ["one", "two"],
      operation: { method: "POST", path: "/a" },
    },
  ],
  ...{ files: 1, bytes: 1, ignored: 0, durationMs: 1 },
  partial: [{ file: "b.py", reason: "r" }],
};
const OURS = new Set(["rule", "weakness", "severity", "confidence", "role", "schema", "version"]);
/** Names of files have no halves of surrogate pairs: Node hands others over. */
const NAME = HOSTILE.replace("\ud800", "");
const told = hostile(report, (key) => (OURS.has(key) ? undefined : key === "file" ? NAME : HOSTILE));

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const ESCAPES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

it.each([
  ["console", checkAsText(told, { color: false, all: true })],
  ["json", checkAsJson(told)],
  ["sarif", checkAsSarif(told)],
])("what a project's files are called and hold does nothing to a terminal, nor to CI: %s", (_name, text) => {
  expect(text).toContain("owned");
  expect(text).not.toMatch(ESCAPES);
  expect(text).not.toMatch(/^\s*(::|##\[)/m);
});
