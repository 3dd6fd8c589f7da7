import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";
import { isRelevant } from "../project/relevance.ts";
import { rules } from "../rules/index.ts";
import { fixTexts } from "./project.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const FILE = "app/views.py";
const fixed = (text: string) => fixTexts(new Map([[FILE, text]]), grammar);
const textOf = (text: string) => fixed(text).texts.get(FILE) as string;

/** What `python3 -m py_compile` says of each, in one process; empty where all are right. */
function compileErrors(texts: readonly string[]): string {
  const script =
    "import json,sys\nfor i,t in enumerate(json.load(sys.stdin)):\n try: compile(t,str(i),'exec')\n except SyntaxError as e: print(i,e,t)";
  const run = spawnSync("python3", ["-c", script], { input: JSON.stringify(texts), encoding: "utf8" });
  return run.stdout + run.stderr;
}

describe("the rules' own examples", () => {
  const racy = rules.flatMap((rule) => rule.examples.racy.map((text) => ({ rule: rule.id, text })));
  const safe = rules.flatMap((rule) => rule.examples.safe);

  it("are fixed or said why not; what is fixed is analysed clean, compiles, and stays as it is", () => {
    const texts: string[] = [];
    for (const { text } of racy) {
      if (!isRelevant(text, FILE)) continue;
      const before = analyseTexts({ [FILE]: text }, grammar).length;
      const outcome = fixed(text);
      const after = outcome.texts.get(FILE) as string;
      expect(analyseTexts({ [FILE]: after }, grammar).length).toBe(outcome.unfixed.length);
      const gone = outcome.fixed.flatMap((one) => [one.finding, ...one.also]);
      expect(gone.length + outcome.unfixed.length).toBeGreaterThanOrEqual(before);
      for (const one of outcome.unfixed) expect(one.reason).not.toBe("");
      expect(textOf(after)).toBe(after);
      texts.push(after);
    }
    expect(compileErrors(texts)).toBe("");
  });

  it("that are safe are left alone", () => {
    for (const text of safe) {
      if (analyseTexts({ [FILE]: text }, grammar).length > 0) continue;
      expect(textOf(text)).toBe(text);
    }
  });
});
